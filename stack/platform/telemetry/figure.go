package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Figure is one number that somebody else keeps and that is asked for when
// metrics are read.
type Figure struct {
	Name, Help string
	Value      float64
	// Counter is true for what only grows while its keeper lives.
	Counter bool
	// Labels may be nil.
	Labels map[string]string
}

// Read adds figures that read returns at every reading of the metrics. It is
// called concurrently, must not take longer than a reader waits, and leaves out
// what it does not know.
func (m *Metrics) Read(read func() []Figure) { m.registry.MustRegister(figures(read)) }

// figures is a collector whose metrics are known only when they are read.
type figures func() []Figure

func (figures) Describe(chan<- *prometheus.Desc) {}

func (f figures) Collect(out chan<- prometheus.Metric) {
	for _, one := range f() {
		kind := prometheus.GaugeValue
		if one.Counter {
			kind = prometheus.CounterValue
		}
		out <- prometheus.MustNewConstMetric(prometheus.NewDesc(one.Name, one.Help, nil, one.Labels), kind, one.Value)
	}
}
