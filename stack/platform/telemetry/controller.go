package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Controller are the metrics of what keeps the platform at its numbers. All
// methods may be called concurrently.
type Controller struct {
	decisions *prometheus.CounterVec
	numbers   *prometheus.GaugeVec
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
	}
	m.registry.MustRegister(c.decisions, c.numbers)
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
