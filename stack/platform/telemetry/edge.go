package telemetry

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// Edge are the metrics of an nginx that is the edge, which counts no answers
// by their code itself. Names and labels are those of HAProxy's own exporter
// with another beginning, so that a rule can be about either. All methods may be
// called concurrently.
type Edge struct {
	requests            *prometheus.CounterVec
	responses, upstream *prometheus.CounterVec
	reloads             prometheus.Counter
}

// NewEdge adds the metrics to m.
func NewEdge(m *Metrics) *Edge {
	e := &Edge{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "nginx_frontend_http_requests_total",
			Help: "Requests of clients.",
		}, []string{"proxy"}),
		responses: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "nginx_frontend_http_responses_total",
			Help: "Answers to clients, by the class of their code; other is no answer: the client went away first.",
		}, []string{"proxy", "code"}),
		upstream: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "nginx_server_http_responses_total",
			Help: "What came of requests that were sent to a gateway, by the class of its answer's code; other is no answer.",
		}, []string{"proxy", "server", "code"}),
		reloads: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "nginx_reloads_total",
			Help: "How often other workers took over.",
		}),
	}
	m.registry.MustRegister(e.requests, e.responses, e.upstream, e.reloads)
	for _, class := range []string{"2xx", "5xx", otherClass} { // so that rates of them begin at the start
		e.responses.WithLabelValues(edgeProxy, class)
	}
	e.requests.WithLabelValues(edgeProxy)
	return e
}

// Proxies in HAProxy's words, and the class of what was no answer.
const (
	edgeProxy    = "edge"
	gatewayProxy = "gateway"
	otherClass   = "other"
)

// Answered counts one request of a client by its status.
func (e *Edge) Answered(status int) {
	e.requests.WithLabelValues(edgeProxy).Inc()
	e.responses.WithLabelValues(edgeProxy, statusClass(status)).Inc()
}

// Sent counts one try at a gateway by its status, which is 0 when there was no
// answer.
func (e *Edge) Sent(server string, status int) {
	e.upstream.WithLabelValues(gatewayProxy, server, statusClass(status)).Inc()
}

// Reloaded counts one reload.
func (e *Edge) Reloaded() { e.reloads.Inc() }

// statusClass is "2xx" for 200.
func statusClass(status int) string {
	if status < 100 || status > 599 || status == ClientClosed {
		return otherClass
	}
	return strconv.Itoa(status/100) + "xx"
}
