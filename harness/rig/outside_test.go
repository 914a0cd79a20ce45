package rig

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

// shopTargets are two web servers and a database.
func shopTargets() []harness.Target {
	return []harness.Target{
		{Name: "web-1", Component: "web", Node: "a"}, {Name: "web-2", Component: "web", Node: "b"}, {Name: "db-1", Component: "db"},
	}
}

// monitoring is a Prometheus and an HAProxy of somebody's own, in one server.
type monitoring struct {
	*httptest.Server
	mu sync.Mutex
	// alert is the instance label of an alert that fires; none when empty.
	alert string
	down  bool
	asked map[string]int
	heard chan struct{}
}

func newMonitoring(t *testing.T) *monitoring {
	m := &monitoring{asked: map[string]int{}, heard: make(chan struct{}, 1)}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	return m
}

func (m *monitoring) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked[r.URL.String()]++
	switch r.URL.String() {
	case "/api/v1/alerts":
		alerts := ""
		if m.alert != "" {
			alerts = fmt.Sprintf(`{"labels":{"alertname":"WebDown","instance":%q},"state":"firing","activeAt":%q}`, m.alert, time.Now().UTC().Format(time.RFC3339Nano))
		}
		fmt.Fprintf(w, `{"status":"success","data":{"alerts":[%s]}}`, alerts)
	case "/stats;csv":
		status := "UP"
		if m.down {
			status = "DOWN"
		}
		fmt.Fprintf(w, "# pxname,svname,status,chkdown,\nshop,web-1,UP,0,\nshop,web-2,%s,0,\nshop,BACKEND,UP,0,\n", status)
	default:
		http.NotFound(w, r)
	}
	if m.asked["/api/v1/alerts"] > 1 && m.asked["/stats;csv"] > 2 { // one each is Join's
		select {
		case m.heard <- struct{}{}:
		default:
		}
	}
}

func (m *monitoring) set(alert string, down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.alert, m.down = alert, down
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestMonitoringFromOutsideNoticesAndNames(t *testing.T) {
	m, addr := newMonitoring(t), freeAddress(t)
	o := Outside{Prometheus: m.URL + "/", HAProxy: m.URL + "/stats", Webhook: addr}
	if err := o.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	live := harness.Rig{Stack: harness.StackInfo{Kind: "compose", Targets: shopTargets(), Observers: []harness.Sight{}}}
	done, err := o.Join(t.Context(), &live)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	want := []harness.Sight{
		{Source: "haproxy", Components: []string{"web"}},
		{Source: "prometheus", Components: []string{"web", "db"}},
		{Source: "alertmanager", Components: []string{"web", "db"}, Pages: true},
	}
	if diff := cmp.Diff(want, live.Stack.Observers); diff != "" {
		t.Errorf("who can notice what (-want +got):\n%s", diff)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got := make(chan harness.Signal, 16)
	var running sync.WaitGroup
	for _, source := range live.Observers {
		running.Go(func() {
			if err := source.Observe(ctx, func(s harness.Signal) { got <- s }); err != nil {
				t.Errorf("%s: %v", source, err)
			}
		})
	}
	<-m.heard // all start from a shop that is well
	m.set("web:8080", true)
	page := fmt.Appendf(nil, `{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"WebDown","instance":"10.1.2.3:8080"},"startsAt":%q}]}`,
		time.Now().Add(time.Minute).Format(time.RFC3339Nano))
	resp, err := http.Post("http://"+addr+"/", "application/json", bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	seen := map[string]harness.Signal{}
	for len(seen) < 3 {
		select {
		case s := <-got:
			seen[s.Source] = s
		case <-ctx.Done():
			t.Fatalf("within a minute only %v", seen)
		}
	}
	cancel()
	running.Wait()
	http.DefaultClient.CloseIdleConnections()
	for source, want := range map[string]harness.Signal{
		"haproxy":      {Subject: "web-2", Kind: harness.LBDown, Detail: "backend shop: DOWN"},
		"prometheus":   {Subject: "web", Kind: harness.AlertFiring, Detail: "WebDown"},
		"alertmanager": {Subject: "", Kind: harness.AlertFiring, Detail: "WebDown (10.1.2.3:8080)"},
	} {
		if s := seen[source]; s.Subject != want.Subject || s.Kind != want.Kind || s.Detail != want.Detail {
			t.Errorf("%s said %s about %q (%s), want %s about %q (%s)", source, s.Kind, s.Subject, s.Detail, want.Kind, want.Subject, want.Detail)
		}
	}
}

func TestASourceOfNoUseIsToldBeforeAnythingIsTouched(t *testing.T) {
	m := newMonitoring(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for want, o := range map[string]Outside{
		"ask Prometheus for its alerts: get":               {Prometheus: m.URL + "/wrong"},
		"ask HAProxy for its statistics: get":              {HAProxy: m.URL + "/wrong"},
		"ask HAProxy for its statistics: Get":              {HAProxy: "http://" + freeAddress(t) + "/"},
		"listen for alerts":                                {Webhook: taken.Addr().String()},
		"want a loopback address":                          {Webhook: "0.0.0.0:9094"},
		"ask Prometheus for its alerts: Get \"http://192.": {Prometheus: "http://192.0.2.1"},
	} {
		if err := o.Look(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want %q", o, err, want)
		}
	}
	if err := (Outside{}).Look(t.Context()); err != nil {
		t.Errorf("nothing was named: %v", err)
	}
}

func TestOfAnEndpointAllNamesStay(t *testing.T) {
	m := newMonitoring(t)
	live := harness.Rig{Stack: harness.StackInfo{Kind: harness.EndpointKind}}
	done, err := Outside{Prometheus: m.URL, HAProxy: m.URL + "/stats"}.Join(t.Context(), &live)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	if len(live.Observers) != 2 || live.Stack.Observers != nil {
		t.Errorf("%d observers, sights %v; want 2 and none", len(live.Observers), live.Stack.Observers)
	}
	for _, o := range live.Observers {
		if _, ok := o.(translated); ok {
			t.Errorf("%s is translated", o)
		}
	}
}

func TestWhomASubjectMeans(t *testing.T) {
	tr := translated{known: namesOf(shopTargets())}
	for subject, want := range map[string]string{
		"web-2": "web-2", "web": "web", "b": "b", "web-2:8080": "web-2", "": "",
		"web-3": "", "10.0.0.1:8080": "", "shop-web-2": "", ":8080": "",
	} {
		got := tr.translate(harness.Signal{Subject: subject, Detail: "Down"})
		detail := "Down"
		if want == "" && subject != "" {
			detail = "Down (" + subject + ")"
		}
		if got.Subject != want || got.Detail != detail {
			t.Errorf("%q: got %q (%s), want %q (%s)", subject, got.Subject, got.Detail, want, detail)
		}
	}
}
