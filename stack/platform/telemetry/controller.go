package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Controller are the metrics of what keeps the platform at its numbers. All
// methods may be called concurrently.
type Controller struct {
	decisions *prometheus.CounterVec
	numbers   *prometheus.GaugeVec
	load      *prometheus.GaugeVec
	target    *prometheus.GaugeVec
}

// NewController adds the metrics to m.
func NewController(m *Metrics) *Controller {
	c := &Controller{
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fournines_controller_transitions_total",
			Help: "What the controller noticed and decided, by kind and subject.",
		}, []string{"kind", "subject"}),
		numbers: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "fournines_controller_replicas",
			Help: "Replicas of a component: wanted, there, ready.",
		}, []string{"component", "state"}),
		load: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "fournines_controller_load",
			Help: "What a component's number follows, as the mean of its ready replicas (cpu and memory: a share; requests: per second); absent while it is not known.",
		}, []string{"component", "metric"}),
		target: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "fournines_controller_load_target",
			Help: "What that mean should be.",
		}, []string{"component", "metric"}),
	}
	m.registry.MustRegister(c.decisions, c.numbers, c.load, c.target)
	return c
}

// Decided counts one transition.
func (c *Controller) Decided(kind, subject string) { c.decisions.WithLabelValues(kind, subject).Inc() }

// Numbers shows how many replicas a component should have and has.
func (c *Controller) Numbers(component string, wanted, there, ready int) {
	for state, n := range map[string]int{"wanted": wanted, "there": there, "ready": ready} {
		c.numbers.WithLabelValues(component, state).Set(float64(n))
	}
}

// Load shows what a component's number follows; value is not known while it is
// not.
func (c *Controller) Load(component, metric string, value, target float64, known bool) {
	if !known {
		c.load.DeleteLabelValues(component, metric)
		return
	}
	c.load.WithLabelValues(component, metric).Set(value)
	c.target.WithLabelValues(component, metric).Set(target)
}
