package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Upstream are the metrics of a program that sends requests on to endpoints of
// other services. All methods may be called concurrently.
type Upstream struct {
	tries   *prometheus.CounterVec
	ejected *prometheus.GaugeVec
	retries *prometheus.CounterVec
	refused *prometheus.CounterVec
}

// NewUpstream adds the upstream metrics to m; it may be called once for each m.
func NewUpstream(m *Metrics) *Upstream {
	u := &Upstream{
		tries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fournines_upstream_requests_total",
			Help: "Tries sent to an endpoint, by result (ok, 5xx, timeout, refused, reset, misdirected, canceled, other).",
		}, []string{"service", "endpoint", "result"}),
		ejected: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "fournines_endpoint_ejected",
			Help: "1 while a known endpoint is out of the rotation because of its answers, else 0.",
		}, []string{"service", "endpoint"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fournines_retries_total",
			Help: "Tries after the first one.",
		}, []string{"service"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "fournines_retries_refused_total",
			Help: "Retries that were wanted and that the retry budget did not allow.",
		}, []string{"service"}),
	}
	m.registry.MustRegister(u.tries, u.ejected, u.retries, u.refused)
	return u
}

// Tried counts one try at an endpoint.
func (u *Upstream) Tried(service, endpoint, result string) {
	u.tries.WithLabelValues(service, endpoint, result).Inc()
}

// Ejected says whether a known endpoint is out of the rotation.
func (u *Upstream) Ejected(service, endpoint string, ejected bool) {
	value := 0.0
	if ejected {
		value = 1
	}
	u.ejected.WithLabelValues(service, endpoint).Set(value)
}

// Forget drops the state of an endpoint that is no longer known; its counters
// stay.
func (u *Upstream) Forget(service, endpoint string) {
	u.ejected.DeleteLabelValues(service, endpoint)
}

// Retried counts one retry.
func (u *Upstream) Retried(service string) { u.retries.WithLabelValues(service).Inc() }

// RetryRefused counts one retry that the budget did not allow.
func (u *Upstream) RetryRefused(service string) { u.refused.WithLabelValues(service).Inc() }
