package edge

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

var testTime = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// listener is a reader with its log and metrics, of an edge with two gateways.
type listener struct {
	reader
	log     bytes.Buffer
	metrics *telemetry.Metrics
}

func listen(t *testing.T) *listener {
	t.Helper()
	all := newTargets([]Gateway{{"gateway-1", 8080, 1}, {"gateway-2", 8080, 1}})
	all.moved("gateway-1", netip.MustParseAddr("10.0.0.1"))
	all.moved("gateway-2", netip.MustParseAddr("10.0.0.2"))
	all.serving(all.next())
	l := &listener{metrics: telemetry.NewMetrics()}
	l.reader = reader{all, telemetry.NewEdge(l.metrics), slog.New(slog.NewJSONHandler(&l.log, nil))}
	return l
}

// logged is the last line of the log, without its time; nil when there is none.
func (l *listener) logged(t *testing.T) map[string]any {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(l.log.String()), "\n")
	if lines[0] == "" {
		return nil
	}
	var fields map[string]any
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &fields); err != nil {
		t.Fatal(err)
	}
	delete(fields, "time")
	return fields
}

func (l *listener) exposition() string {
	rec := httptest.NewRecorder()
	l.metrics.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return rec.Body.String()
}

// kinds are the transitions so far as "kind gateway".
func (l *listener) kinds(t *testing.T) (all []string) {
	t.Helper()
	rec := httptest.NewRecorder()
	l.targets.transitions.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/-/transitions", nil))
	var doc struct {
		Transitions []struct{ Kind, Service, Subject, Detail string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, tr := range doc.Transitions {
		all = append(all, tr.Kind+" "+tr.Subject)
	}
	return all
}

const (
	normal = `<190>Nov 28 21:12:18 access: {"client":"172.18.0.1:4242","method":"GET","path":"/api/catalog/items/1","status":"200","took":"0.004","upstreams":"10.0.0.2:8080","statuses":"200","connect":"0.000","header":"0.003","id":"abc"}`
	// Two gateways were tried: the first never answered.
	retried = `<190>Nov 28 21:12:18 access: {"client":"172.18.0.1:4242","method":"GET","path":"/x","status":"200","took":"0.505","upstreams":"10.0.0.1:8080, 10.0.0.2:8080","statuses":"504, 200","connect":"-, 0.001","header":"-, 0.004","id":"abc"}`
	failed  = `<190>Nov 28 21:12:18 access: {"client":"172.18.0.1:4242","method":"POST","path":"/x","status":"502","took":"0.000","upstreams":"gateway","statuses":"502","connect":"-","header":"-","id":""}`
	gone    = `<190>Nov 28 21:12:18 access: {"client":"172.18.0.1:4242","method":"GET","path":"/x","status":"499","took":"0.100","upstreams":"10.0.0.1:8080","statuses":"-","connect":"0.001","header":"-","id":""}`
	resting = `<188>Nov 28 21:12:18 error: 2026/11/28 21:12:18 [warn] 30#30: *17 upstream server temporarily disabled while connecting to upstream, client: 172.18.0.1, server: , request: "GET /x HTTP/1.1", upstream: "https://10.0.0.1:8080/x", host: "localhost:1"`
)

func TestARequestThatIsNormalIsCountedAndNotLogged(t *testing.T) {
	l := listen(t)
	l.take(normal)
	if got := l.logged(t); got != nil {
		t.Errorf("it is logged: %v", got)
	}
	for _, want := range []string{
		`nginx_frontend_http_requests_total{proxy="edge"} 1`, `nginx_frontend_http_responses_total{code="2xx",proxy="edge"} 1`,
		`nginx_frontend_http_responses_total{code="5xx",proxy="edge"} 0`, `nginx_server_http_responses_total{code="2xx",proxy="gateway",server="gateway-2"} 1`,
	} {
		if !strings.Contains(l.exposition(), want+"\n") {
			t.Errorf("no %s in\n%s", want, l.exposition())
		}
	}
}

func TestARequestThatIsNotNormalIsLogged(t *testing.T) {
	base := map[string]any{"level": "WARN", "msg": "request", "client": "172.18.0.1:4242", "path": "/x"}
	for rule, c := range map[string]struct {
		message string
		want    map[string]any
		metric  string
	}{
		"one that took a second gateway": {retried, map[string]any{"servers": "gateway-1,gateway-2", "method": "GET", "status": 200.0, "retries": 1.0,
			"connect_ms": "-,1", "response_ms": "-,4", "total_ms": "505", "request_id": "abc"}, `nginx_server_http_responses_total{code="other",proxy="gateway",server="gateway-1"} 1`},
		"one that nobody was left for": {failed, map[string]any{"servers": "", "method": "POST", "status": 502.0, "retries": 0.0,
			"connect_ms": "", "response_ms": "", "total_ms": "0", "request_id": ""}, `nginx_frontend_http_responses_total{code="5xx",proxy="edge"} 1`},
		"one whose client went away": {gone, map[string]any{"servers": "gateway-1", "method": "GET", "status": 499.0, "retries": 0.0,
			"connect_ms": "1", "response_ms": "", "total_ms": "100", "request_id": ""}, `nginx_frontend_http_responses_total{code="other",proxy="edge"} 1`},
	} {
		t.Run(rule, func(t *testing.T) {
			l := listen(t)
			l.take(c.message)
			for k, v := range base {
				c.want[k] = v
			}
			if diff := cmp.Diff(c.want, l.logged(t)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if !strings.Contains(l.exposition(), c.metric+"\n") {
				t.Errorf("no %s in\n%s", c.metric, l.exposition())
			}
		})
	}
}

func TestWhatNginxSaysOfAGatewayIsATransition(t *testing.T) {
	l := listen(t)
	l.take(normal)
	l.take(resting)
	want := map[string]any{"level": "WARN", "msg": "nginx", "kind": "warn", "pid": "30", "server": "gateway-1",
		"line": `upstream server temporarily disabled while connecting to upstream, client: 172.18.0.1, server: , request: "GET /x HTTP/1.1", upstream: "https://10.0.0.1:8080/x", host: "localhost:1"`}
	if diff := cmp.Diff(want, l.logged(t)); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	l.take(resting) // again a second later: it is known
	l.take(retried) // the other one answered
	if diff := cmp.Diff([]string{"ejected gateway-1"}, l.kinds(t)); diff != "" {
		t.Errorf("while it rests (-want +got):\n%s", diff)
	}
	if s := l.targets.servers(); !s[0].Resting || s[1].Resting {
		t.Errorf("servers %+v, want the first one resting", s)
	}
	l.take(strings.ReplaceAll(normal, "10.0.0.2", "10.0.0.1"))
	if diff := cmp.Diff([]string{"ejected gateway-1", "readmitted gateway-1"}, l.kinds(t)); diff != "" {
		t.Errorf("after an answer (-want +got):\n%s", diff)
	}
}

func TestOurOwnRequestsAreNoTraffic(t *testing.T) {
	l := listen(t)
	l.take(resting)
	l.take(strings.NewReplacer(" access: ", " health: ", "10.0.0.2", "10.0.0.1").Replace(normal))
	if diff := cmp.Diff([]string{"ejected gateway-1", "readmitted gateway-1"}, l.kinds(t)); diff != "" {
		t.Errorf("transitions (-want +got):\n%s", diff)
	}
	if text := l.exposition(); !strings.Contains(text, `nginx_frontend_http_requests_total{proxy="edge"} 0`) || strings.Contains(text, "nginx_server_http_responses_total{") {
		t.Errorf("they are counted:\n%s", text)
	}
}

func TestWhatCannotBeReadIsLoggedAsItIs(t *testing.T) {
	for message, want := range map[string]string{
		"<1>x":                       "<1>x",
		"<1>x access: {":             "<1>x access: {",
		"<1>x error: what is this":   "what is this",
		"<1>x error: a b [warn] c#d": "a b [warn] c#d",
	} {
		l := listen(t)
		l.take(message)
		if got := l.logged(t); got["line"] != want {
			t.Errorf("%q: %v, want line %q", message, got, want)
		}
	}
}

func TestParseStub(t *testing.T) {
	got, err := parseStub("Active connections: 12 \nserver accepts handled requests\n 100 99 1234 \nReading: 1 Writing: 3 Waiting: 8 \n")
	if want := (stub{12, 100, 99, 1234, 1, 3, 8}); err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
	if _, err := parseStub("<html>"); err == nil {
		t.Error("a page of something else was taken")
	}
}

func TestChildOf(t *testing.T) {
	for stat, want := range map[string]int{
		"30 (nginx) S 7 7 7 0": 30, "30 (a) b) (c) R 7 1": 30, "30 (nginx) Z 7 7": 0, "30 (nginx) S 70 7": 0, "30 (nginx": 0, "": 0,
	} {
		if got, _ := childOf(stat, 7); got != want {
			t.Errorf("%q: %d, want %d", stat, got, want)
		}
	}
}
