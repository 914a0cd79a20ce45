package telemetry

import "github.com/prometheus/client_golang/prometheus"

// Guard are the metrics of a program that refuses requests: each refusal is
// counted apart from failures. All methods may be called concurrently.
type Guard struct {
	unauthorized, limited    *prometheus.CounterVec
	notAdmitted, fallbacks   *prometheus.CounterVec
	breaker                  *prometheus.GaugeVec
	breakerOpened, brokenOff *prometheus.CounterVec
	hedges, hedgesWon        *prometheus.CounterVec
}

// Load is what a program works on.
type Load struct {
	// Inside and Waiting are requests that are worked on and that wait to be;
	// Clients are those that are told apart now.
	Inside, Waiting, Clients int
}

// NewGuard adds the metrics to m; it may be called once for each m. load is
// called at every scrape.
func NewGuard(m *Metrics, load func() Load) *Guard {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
		m.registry.MustRegister(c)
		return c
	}
	gauge := func(name, help string, value func(Load) int) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(value(load())) }))
	}
	gauge("fournines_requests_admitted", "Requests that are being worked on.", func(l Load) int { return l.Inside })
	gauge("fournines_requests_waiting", "Requests that wait to be admitted.", func(l Load) int { return l.Waiting })
	gauge("fournines_clients_known", "Clients whose rate is being limited.", func(l Load) int { return l.Clients })
	g := &Guard{
		unauthorized: counter("fournines_unauthorized_total",
			"Requests refused with 401 for their token, by reason (missing, malformed, algorithm, unknown-key, signature, expired, not-yet-valid, audience, issuer, no-subject).", "service", "reason"),
		limited: counter("fournines_rate_limited_total",
			"Requests refused with 429, by whose limit was reached (client, route).", "service", "scope"),
		notAdmitted: counter("fournines_not_admitted_total",
			"Requests refused with 503 because the gateway had too many at a time.", "service"),
		fallbacks: counter("fournines_fallbacks_total",
			"Requests answered with the route's fallback in place of the service's answer.", "service"),
		breaker: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "fournines_breaker_state",
			Help: "State of a service's circuit breaker: 0 closed, 1 half-open, 2 open.",
		}, []string{"service"}),
		breakerOpened: counter("fournines_breaker_opened_total", "How often a service's circuit breaker opened.", "service"),
		brokenOff: counter("fournines_breaker_rejected_total",
			"Requests refused with 503 because the service's circuit breaker was open.", "service"),
		hedges:    counter("fournines_hedges_total", "Second tries sent because the first one took long.", "service"),
		hedgesWon: counter("fournines_hedges_won_total", "Second tries that answered before the first one.", "service"),
	}
	m.registry.MustRegister(g.breaker)
	return g
}

// Unauthorized counts one 401.
func (g *Guard) Unauthorized(service, reason string) {
	g.unauthorized.WithLabelValues(service, reason).Inc()
}

// Limited counts one 429.
func (g *Guard) Limited(service, scope string) { g.limited.WithLabelValues(service, scope).Inc() }

// NotAdmitted counts one request for which there was no room.
func (g *Guard) NotAdmitted(service string) { g.notAdmitted.WithLabelValues(service).Inc() }

// FellBack counts one answer that is a fallback.
func (g *Guard) FellBack(service string) { g.fallbacks.WithLabelValues(service).Inc() }

// Breaker says in which state a service's breaker is: 0 closed, 1 half-open,
// 2 open.
func (g *Guard) Breaker(service string, state int) {
	g.breaker.WithLabelValues(service).Set(float64(state))
	if state == 2 {
		g.breakerOpened.WithLabelValues(service).Inc()
	}
}

// ForgetBreaker drops the state of a service that is on no route any more.
func (g *Guard) ForgetBreaker(service string) { g.breaker.DeleteLabelValues(service) }

// BrokenOff counts one request that an open breaker refused.
func (g *Guard) BrokenOff(service string) { g.brokenOff.WithLabelValues(service).Inc() }

// Hedged counts one second try, and whether it won.
func (g *Guard) Hedged(service string) { g.hedges.WithLabelValues(service).Inc() }

// HedgeWon counts one second try that answered first.
func (g *Guard) HedgeWon(service string) { g.hedgesWon.WithLabelValues(service).Inc() }
