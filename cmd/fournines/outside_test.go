package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/inproc"
)

// ownStack is a stack of which nobody knows more than its parts, as a compose
// project is.
type ownStack struct{ *inproc.Stack }

func (ownStack) Kind() string { return stack.ComposeKind }

// watchman is a Prometheus and an HAProxy that check one replica for real.
func watchman(t *testing.T, ready func(context.Context) error) *httptest.Server {
	var mu sync.Mutex
	var down time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		switch err := ready(r.Context()); {
		case err == nil:
			down = time.Time{}
		case down.IsZero():
			down = time.Now()
		}
		status, alerts := "UP", ""
		if !down.IsZero() {
			status = "DOWN"
			alerts = fmt.Sprintf(`{"labels":{"alertname":"InstanceDown","instance":"catalog-2:8080"},"state":"firing","activeAt":%q}`, down.UTC().Format(time.RFC3339Nano))
		}
		switch r.URL.String() {
		case "/api/v1/alerts":
			fmt.Fprintf(w, `{"status":"success","data":{"alerts":[%s]}}`, alerts)
		case "/stats;csv":
			fmt.Fprintf(w, "# pxname,svname,status,chkdown,\ncatalog,catalog-2,%s,0,\n", status)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestARunTakesTheOwnersMonitoringAsSignals(t *testing.T) {
	if testing.Short() {
		t.Skip("runs load for some seconds")
	}
	st, err := inproc.Up(t.Context(), inproc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	replica, _ := stack.Find(st, "catalog-2")
	monitoring := watchman(t, replica.Ready)
	flags := outsideFlags{prometheus: monitoring.URL, haproxy: monitoring.URL + "/stats"}
	if err := flags.look(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	plan := planOf(1, "catalog-2")
	plan.Scenario.Stages.Disruption, plan.Injections[0].Duration = 4*time.Second, 3500*time.Millisecond
	dir, err := reports.Create(t.TempDir(), "run-1")
	if err != nil {
		t.Fatal(err)
	}
	lines := &said{}
	r := &runner{
		display: lines, in: &interrupts{cancel: func(error) {}, say: lines.say, quit: func(int) {}},
		dir: dir, choice: stackChoice{kind: stack.ComposeKind}, chosen: []chosen{{Scenario: plan.Scenario, trials: 1}},
		plans: []harness.Plan{plan}, replayed: true, outside: flags.sources(nil),
		up: func(context.Context) (stack.Stack, error) { return ownStack{st}, nil },
	}
	if err := r.run(t.Context()); err != nil || len(r.evidence) != 1 {
		t.Fatalf("%d trials, %v: %v", len(r.evidence), err, lines.lines)
	}
	ev := r.evidence[0]
	for _, source := range []string{"haproxy", "prometheus"} {
		if !slices.ContainsFunc(ev.Stack.Observers, func(s harness.Sight) bool { return s.Source == source && slices.Contains(s.Components, "catalog") }) {
			t.Errorf("the evidence does not say that %s watched: %+v", source, ev.Stack.Observers)
		}
		if !slices.ContainsFunc(ev.Signals, func(s harness.Signal) bool {
			return s.Source == source && s.Kind.Detects() && s.Subject == "catalog-2"
		}) {
			t.Errorf("%s did not notice catalog-2: %+v", source, ev.Signals)
		}
	}
	m := harness.Measure(ev).Recovery
	if m.Detected.State != harness.Seen || m.Diagnosed.State != harness.Seen || m.Misnamed.State == harness.Seen || m.Paged.Source != "prometheus" {
		t.Errorf("recovery %+v; want it detected, named right and paged", m)
	}
}

func TestMonitoringFromOutsideIsForStacksOfOnesOwn(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"the reference platform":      {[]string{"--stack", "inproc", "--prometheus", "http://127.0.0.1:9090"}, "--prometheus is for a stack of your own (--stack compose:PROJECT)"},
		"a kept stack":                {[]string{"--stack", "kept:x", "--webhook", "127.0.0.1:9094"}, "--webhook is for a stack of your own"},
		"another machine":             {[]string{"--stack", "compose:shop", "--haproxy", "http://192.0.2.1/stats"}, `--haproxy "http://192.0.2.1/stats": requests go to this machine only`},
		"no URL":                      {[]string{"--stack", "compose:shop", "--prometheus", "127.0.0.1:9090"}, `--prometheus "127.0.0.1:9090": want a URL`},
		"a webhook for everybody":     {[]string{"--stack", "compose:shop", "--webhook", ":9094"}, `--webhook ":9094": want a loopback address`},
		"all problems come at once":   {[]string{"--stack", "compose:shop", "--webhook", "x", "--haproxy", "y"}, `--haproxy "y"`},
		"and the second one does too": {[]string{"--stack", "compose:shop", "--webhook", "x", "--haproxy", "y"}, `--webhook "x"`},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs strings.Builder
			code := run(t.Context(), append([]string{"run"}, c.args...), strings.NewReader(""), &out, &errs)
			if code != exitUsage || !strings.Contains(errs.String(), c.want) {
				t.Errorf("exit code %d, want %d, and %q in:\n%s", code, exitUsage, c.want, errs.String())
			}
		})
	}
}

func TestMonitoringThatDoesNotAnswerIsToldBeforeTheFirstRequest(t *testing.T) {
	g := newTarget(t)
	t.Chdir(t.TempDir())
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	free.Close()
	for flag, want := range map[string]string{"--prometheus": "ask Prometheus for its alerts", "--haproxy": "ask HAProxy for its statistics"} {
		var out, errs strings.Builder
		code := run(t.Context(), []string{"observe", "--url", g.url(), "--for", "1s", flag, "http://" + addr + "/"}, strings.NewReader(""), &out, &errs)
		if code != exitInvalid || !strings.Contains(errs.String(), "nothing was started: "+want) {
			t.Errorf("%s: exit code %d, want %d, and %q in:\n%s", flag, code, exitInvalid, want, errs.String())
		}
	}
}

func TestAnObservationTakesHealthChecksAndAlertsAsSignals(t *testing.T) {
	g := newTarget(t)
	looks := 0 // three before the observation begins, and the first of each in it
	monitoring := watchman(t, func(context.Context) error {
		if looks++; looks > 12 {
			return context.DeadlineExceeded
		}
		return nil
	})
	out := t.TempDir()
	var said, errs strings.Builder
	run(t.Context(), []string{"observe", "--url", g.url(), "--for", "4s", "--rate", "20", "--out", out,
		"--prometheus", monitoring.URL, "--haproxy", monitoring.URL + "/stats"}, strings.NewReader(""), &said, &errs)
	dirs, err := filepath.Glob(filepath.Join(out, "*"))
	if err != nil || len(dirs) != 1 {
		t.Fatalf("%d runs, %v; want one; stderr:\n%s", len(dirs), err, errs.String())
	}
	dir, err := reports.OpenDir(dirs[0])
	if err != nil {
		t.Fatal(err)
	}
	trials, err := savedEvidence(dir)
	if err != nil || len(trials) != 1 {
		t.Fatalf("%d trials, %v", len(trials), err)
	}
	var got []string
	for _, s := range trials[0].Signals {
		got = append(got, fmt.Sprintf("%s %s %s", s.Source, s.Kind, s.Subject))
	}
	for _, want := range []string{"haproxy lb-down catalog-2", "prometheus alert-firing catalog-2:8080"} {
		if !slices.Contains(got, want) {
			t.Errorf("no signal %q in %v", want, got)
		}
	}
	if len(trials[0].Problems) > 0 {
		t.Errorf("problems %+v", trials[0].Problems)
	}
}
