package edge

import (
	"fmt"
	"io"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// figures are nginx's own counts (ngx_http_stub_status_module) and what is
// known of the gateways; of an nginx that does not answer there is that it does
// not.
func (e *edge) figures() []telemetry.Figure {
	all := e.targets.figures()
	up := telemetry.Figure{Name: "nginx_up", Help: "1 when nginx says how it is, else 0."}
	status, err := e.stub()
	if err != nil {
		return append(all, up)
	}
	up.Value = 1
	all = append(all, up,
		telemetry.Figure{Name: "nginx_connections_accepted_total", Help: "Connections of clients that were accepted.", Value: status.accepted, Counter: true},
		telemetry.Figure{Name: "nginx_connections_handled_total", Help: "Connections that were worked on: fewer than accepted when a limit was reached.", Value: status.handled, Counter: true},
		telemetry.Figure{Name: "nginx_requests_total", Help: "Requests, those of readiness among them.", Value: status.requests, Counter: true},
	)
	for state, n := range map[string]float64{"active": status.active, "reading": status.reading, "writing": status.writing, "waiting": status.waiting} {
		all = append(all, telemetry.Figure{
			Name: "nginx_connections", Help: "Connections of clients now, by what they do.", Value: n, Labels: map[string]string{"state": state},
		})
	}
	return all
}

// figures are what nginx is told of the gateways, and what it said of them.
func (t *targets) figures() (all []telemetry.Figure) {
	for _, s := range t.servers() {
		labels := map[string]string{"proxy": "gateway", "server": s.Name}
		resting := 0.0
		if s.Resting {
			resting = 1
		}
		all = append(all,
			telemetry.Figure{Name: "nginx_server_weight", Help: "Weight of a gateway in the configuration that serves.", Value: float64(s.Weight), Labels: labels},
			telemetry.Figure{Name: "nginx_server_resting", Help: "1 while a gateway whose requests failed has answered none since, else 0.", Value: resting, Labels: labels})
	}
	return all
}

// stub is what nginx counts.
type stub struct{ active, accepted, handled, requests, reading, writing, waiting float64 }

// stub asks nginx for its counts.
func (e *edge) stub() (stub, error) {
	answer, err := e.client.Get("http://" + e.Status + "/status")
	if err != nil {
		return stub{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, longestLine))
	if err != nil {
		return stub{}, err
	}
	return parseStub(string(text))
}

// parseStub reads the page of stub_status. Its counts are of all processes
// since nginx started.
func parseStub(text string) (s stub, err error) {
	_, err = fmt.Sscanf(text, "Active connections: %f\nserver accepts handled requests\n %f %f %f\nReading: %f Writing: %f Waiting: %f",
		&s.active, &s.accepted, &s.handled, &s.requests, &s.reading, &s.writing, &s.waiting)
	if err != nil {
		return stub{}, fmt.Errorf("read nginx's status %q: %w", text, err)
	}
	return s, nil
}
