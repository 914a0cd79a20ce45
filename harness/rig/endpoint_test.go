package rig

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// watching is a plan that observes url for a second.
func watching(url string) harness.Plan {
	return harness.Plan{Schema: harness.PlanSchema, Trial: 1, Scenario: harness.Scenario{
		Name:   "observe",
		Load:   harness.LoadSpec{Rate: 50, URL: url, Timeout: time.Second},
		Stages: harness.Stages{Baseline: time.Second},
		SLO:    harness.SLO{Availability: .9999},
	}}
}

func TestEndpointIsAskedAsThePlanSays(t *testing.T) {
	var connections, requests atomic.Int64
	var seen sync.Map
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		seen.Store(r.Method+" "+r.URL.String(), true)
		w.WriteHeader(http.StatusTeapot)
	}))
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	srv.Start()
	defer srv.Close()

	plan := watching(srv.URL + "/a?b=c")
	plan.Scenario.Load.Expect = http.StatusTeapot
	live, err := Endpoint(plan)
	if err != nil {
		t.Fatal(err)
	}
	if n := requests.Load(); n != 0 {
		t.Fatalf("%d requests were sent before the run", n)
	}
	ev, err := harness.Run(t.Context(), plan, live)
	if err != nil {
		t.Fatal(err)
	}
	m := harness.Measure(ev)
	if m.Bad != 0 || m.Scheduled < 45 || len(m.Probers) != 2 {
		t.Errorf("%d of %d failed, %d probers; want 0 of about 50, and two probers", m.Bad, m.Scheduled, len(m.Probers))
	}
	if _, ok := seen.Load("GET /a?b=c"); !ok {
		t.Errorf("GET /a?b=c was not asked")
	}
	// 20 fresh ones and a few kept ones; a prober that kept its connections
	// would leave it at a handful.
	if n := connections.Load(); n < 15 {
		t.Errorf("%d connections were opened; want one for each request of the fresh prober", n)
	}
	if ev.Stack.Kind != EndpointKind {
		t.Errorf("stack kind %q, want %q", ev.Stack.Kind, EndpointKind)
	}
}

func TestEndpointThatIsDownFromTheStartIsMeasured(t *testing.T) {
	srv := httptest.NewServer(nil)
	srv.Close()
	plan := watching(srv.URL)
	// Failures in fewer than three distinct seconds refute nothing.
	plan.Scenario.Stages.Baseline = 4 * time.Second
	live, err := Endpoint(plan)
	if err != nil {
		t.Fatal(err)
	}
	ev, err := harness.Run(t.Context(), plan, live)
	if err != nil || ev.End.Reason != harness.Completed || len(ev.Problems) > 0 {
		t.Fatalf("error %v, end %+v, problems %+v; want a complete trial", err, ev.End, ev.Problems)
	}
	m := harness.Measure(ev)
	if m.Scheduled == 0 || m.Bad != m.Scheduled || m.Classes[harness.Refused] != m.Bad {
		t.Errorf("%d of %d failed (%v); want all of them refused", m.Bad, m.Scheduled, m.Classes)
	}
	switch v := harness.Judge(plan.Scenario, []harness.Evidence{ev}, nil); v.Outcome {
	case harness.Fail:
	case harness.Invalid:
		t.Skipf("this machine is too busy for a verdict: %s", v.Sentence)
	default:
		t.Errorf("outcome %s; want fail: %s", v.Outcome, v.Sentence)
	}
}

func TestProbersAreNotFasterThanTheLoad(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer srv.Close()
	plan := watching(srv.URL)
	plan.Scenario.Load.Rate = 5
	live, err := Endpoint(plan)
	if err != nil {
		t.Fatal(err)
	}
	ev, err := harness.Run(t.Context(), plan, live)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range harness.Measure(ev).Probers {
		if p.Scheduled < 3 || p.Scheduled > 7 {
			t.Errorf("prober %s sent %d requests in a second, the load %g", p.Name, p.Scheduled, plan.Scenario.Load.Rate)
		}
	}
}

func TestEndpointRefusesWhatItCannotServe(t *testing.T) {
	for name, c := range map[string]struct {
		plan  harness.Plan
		allow []string
		want  string
	}{
		"no URL":                          {watching(""), nil, "no URL"},
		"another machine":                 {watching("http://192.0.2.1/"), nil, "not allowed"},
		"another machine beside a third":  {watching("http://192.0.2.1/"), []string{"192.0.2.2"}, "not allowed"},
		"more requests than there can be": {func() harness.Plan { p := watching("http://127.0.0.1:1/"); p.Scenario.Load.Rate = 99_999; return p }(), nil, "under way at once"},
		"an injection":                    {func() harness.Plan { p := plan("noop"); p.Scenario.Load.URL = "http://127.0.0.1:1/"; return p }(), nil, "holds injections (1)"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Endpoint(c.plan, c.allow...); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want it to say %q", err, c.want)
			}
		})
	}
	if _, err := Endpoint(watching("http://192.0.2.1/"), "192.0.2.1"); err != nil {
		t.Errorf("a host that was allowed: %v", err)
	}
}
