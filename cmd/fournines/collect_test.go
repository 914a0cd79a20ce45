package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
	"github.com/fournines/fournines/reports/logs"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/inproc"
)

// header is that of a trial that begins now.
func header() harness.Header {
	return harness.Header{Start: time.Now().Round(0), Plan: harness.Plan{Trial: 3, Scenario: harness.Scenario{Name: "kill"}}}
}

// logsOf runs `fournines logs` on the runner's folder.
func logsOf(t *testing.T, r *runner, flags ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"logs", r.dir.Path()}, flags...), nil, &out, &errs)
	return out.String(), errs.String(), code
}

func TestARequestIsFoundInAllComponents(t *testing.T) {
	var mu sync.Mutex
	var sent []string
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		raw, _ := io.ReadAll(q.Body)
		lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
		mu.Lock()
		defer mu.Unlock()
		sent = append(sent, lines...)
		items := strings.Repeat(`,{"index":{"status":201}}`, len(lines)/2)
		fmt.Fprintf(w, `{"items":[%s]}`, items[1:])
	}))
	defer endpoint.Close()
	st, err := inproc.Up(t.Context(), inproc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Down(context.Background())
	r, said := newTestRunner(t, nil)
	r.logs.ship = endpoint.URL
	c := r.collectLogs(t.Context(), st)
	c.begin(header())
	for _, part := range st.Components() {
		for _, replica := range part.Replicas {
			if part.Name == "catalog" {
				if err := replica.Kill(t.Context(), "KILL"); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	edge, _ := st.URL(stack.Edge)
	token, err := st.Token("tester")
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, edge+"/api/catalog/items/7", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Request-Id", "lost-1")
	request.Header.Set("Authorization", token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode < 500 {
		t.Fatalf("without a catalog the edge answers %s, want an error", response.Status)
	}
	// The answer is out before the line about it is in.
	awaitLine := func(component string) {
		t.Helper()
		deadline := time.After(10 * time.Second)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			c.flush()
			if out, _, _ := logsOf(t, r, "--request", "lost-1", "--component", component, "--json"); out != "" {
				return
			}
			select {
			case <-deadline:
				t.Fatalf("no line of %s about the request", component)
			case <-tick.C:
			}
		}
	}
	awaitLine("gateway")
	awaitLine("edge")
	c.stop()
	c.deliver()

	out, _, code := logsOf(t, r, "--request", "lost-1", "--level", "warn", "--json")
	for line := range strings.Lines(out) {
		var rec logs.Record
		if err := json.Unmarshal([]byte(line), &rec); err != nil || rec.Scenario != "kill" || rec.Trial != 3 || rec.RequestID() != "lost-1" {
			t.Errorf("record %s: %v, want one of trial 3 of kill about the request", line, err)
		}
	}
	if text, _, _ := logsOf(t, r, "--request", "lost-1"); code != 0 || !strings.HasPrefix(text, "kill, trial 3\n") || strings.Count(text, "lost-1") < 2 {
		t.Errorf("exit code %d, and for people:\n%s", code, text)
	}
	if len(said.lines) > 0 {
		t.Errorf("warnings %q, want none", said.lines)
	}
	// What is in the file was sent, and nothing else.
	kept := 0
	if _, err := logs.ReadFile(r.dir.File(reports.LogsFile), func(logs.Record) { kept++ }); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(sent) != 2*kept || !strings.Contains(strings.Join(sent, ""), `"request_id":"lost-1"`) || !strings.Contains(sent[0], `"fournines-run-1"`) {
		t.Errorf("%d lines were sent for %d records:\n%s", len(sent), kept, strings.Join(sent, "\n"))
	}
}

// talker is a stack of which nothing works but its logs.
type talker struct {
	stack.Stack
	follow func(ctx context.Context, emit func(stack.LogLine)) error
}

func (t talker) FollowLogs(ctx context.Context, _ time.Time, emit func(stack.LogLine)) error {
	return t.follow(ctx, emit)
}

func TestWhatCannotBeCollectedIsAWarning(t *testing.T) {
	said := func(l *said) string { return strings.Join(l.lines, "\n") }
	for rule, c := range map[string]struct {
		stack stack.Stack
		// spoil breaks something before the collection ends.
		spoil func(*testing.T, *runner)
		want  string
	}{
		"a stack without logs is none": {struct{ stack.Stack }{}, nil, ""},
		"lines that are missing are a warning": {talker{follow: func(ctx context.Context, _ func(stack.LogLine)) error {
			<-ctx.Done()
			return errors.New("lines of x may be missing")
		}}, nil, "warning: the logs of this run are not whole: lines of x may be missing"},
		"a reader that panics is a warning": {talker{follow: func(context.Context, func(stack.LogLine)) error { panic("oops") }}, nil, "warning: the logs of this run are not whole: panic: oops"},
		"a folder that cannot be written is a warning": {talker{follow: func(ctx context.Context, emit func(stack.LogLine)) error {
			emit(stack.LogLine{Time: time.Now(), Replica: "x", Component: "x", Text: []byte("y"), Size: 1})
			<-ctx.Done()
			return nil
		}}, func(t *testing.T, r *runner) { r.dir = lostDir(t) }, "bytes were lost"},
		"an endpoint that is gone is a warning": {talker{follow: func(ctx context.Context, emit func(stack.LogLine)) error {
			emit(stack.LogLine{Time: time.Now(), Replica: "x", Component: "x", Text: []byte("y"), Size: 1})
			<-ctx.Done()
			return nil
		}}, func(t *testing.T, r *runner) {
			r.logs.ship = "http://127.0.0.1:1"
			r.in.count.Store(2) // nobody waits
		}, "warning: ship logs to http://127.0.0.1:1/_bulk: 0 of 1 lines were taken"},
	} {
		t.Run(rule, func(t *testing.T) {
			r, lines := newTestRunner(t, nil)
			if c.spoil != nil {
				c.spoil(t, r)
			}
			collected := r.collectLogs(t.Context(), c.stack)
			collected.begin(header())
			collected.stop()
			collected.deliver()
			if got := said(lines); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("said %q, want %q", got, c.want)
			}
		})
	}
}

// lostDir is the folder of a run that is not there any more.
func lostDir(t *testing.T) *reports.Dir {
	t.Helper()
	parent := t.TempDir()
	dir, err := reports.Create(parent+"/runs", "run-2")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(parent + "/runs"); err != nil {
		t.Fatal(err)
	}
	return dir
}
