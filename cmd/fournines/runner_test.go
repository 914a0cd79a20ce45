package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
	"github.com/fournines/fournines/stack"
)

// said collects what a run says; steps and trials are only counted.
type said struct {
	lines  []string
	trials int
}

func (s *said) step(step stack.Step) {
	if step.Err != nil {
		s.lines = append(s.lines, step.Name+": "+step.Err.Error())
	}
}
func (s *said) trial(trialView) { s.trials++ }
func (s *said) trialEnded()     {}
func (s *said) close()          {}
func (s *said) say(format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf(format, args...))
}

// brokenStack has replicas and can be taken down; anything else panics.
type brokenStack struct {
	stack.Stack
	downs   int
	downErr error
	downCtx error
}

func (*brokenStack) Kind() string { return "broken" }

func (*brokenStack) Components() []stack.Component {
	var all []stack.Component
	for _, part := range stack.Reference() {
		c := stack.Component{Name: part.Component}
		for i := 1; i <= part.Replicas; i++ {
			c.Replicas = append(c.Replicas, named{name: part.ReplicaName(i), component: part.Component, node: part.Node(i)})
		}
		all = append(all, c)
	}
	return all
}

func (b *brokenStack) Down(ctx context.Context) error {
	b.downs++
	b.downCtx = ctx.Err()
	return b.downErr
}

type named struct {
	stack.Replica
	name, component, node string
}

func (n named) Name() string      { return n.name }
func (n named) Component() string { return n.component }
func (n named) Node() string      { return n.node }

// newTestRunner is a run of the given scenario with two trials.
func newTestRunner(t *testing.T, up func(context.Context) (stack.Stack, error)) (*runner, *said) {
	t.Helper()
	s := harness.Scenario{
		Name: "kill", Hypothesis: "killing costs nothing",
		Load:   harness.LoadSpec{Rate: 10, Mix: "browse", Timeout: time.Second},
		Stages: harness.Stages{Steady: time.Second, Baseline: time.Second, Disruption: time.Second, Recovery: time.Second},
		Faults: []harness.FaultSpec{{Action: "container-kill", Target: harness.TargetSpec{Component: "catalog", Mode: "one"}}},
		SLO:    harness.SLO{Availability: 0.9999},
	}
	all := []chosen{{Scenario: s, trials: 2}}
	plans, err := resolveAll(all, 7, referenceTargets(), harness.Caps{})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := reports.Create(t.TempDir(), "run-1")
	if err != nil {
		t.Fatal(err)
	}
	lines := &said{}
	return &runner{
		display: lines, in: &interrupts{cancel: func(error) {}, say: lines.say, quit: func(int) {}},
		dir: dir, choice: stackChoice{kind: "broken"}, chosen: all, seed: 7, plans: plans, up: up,
	}, lines
}

func TestAStackThatDoesNotComeUpIsInvalidAndReported(t *testing.T) {
	r, _ := newTestRunner(t, func(context.Context) (stack.Stack, error) { return nil, errors.New("no space on the engine") })
	err := r.run(t.Context())
	if got := r.exitCode("report", err); got != exitInvalid {
		t.Errorf("exit code %d, want %d", got, exitInvalid)
	}
	if err == nil || !strings.Contains(err.Error(), "no space on the engine") {
		t.Errorf("error %v, want the engine's", err)
	}
	wantSaved(t, r, harness.Invalid, harness.HarnessError)
	for _, f := range r.verdicts[0].Findings {
		if f.Code == harness.InterruptedRun {
			t.Errorf("a run that nobody interrupted says %s: %s", f.Code, f.Reason)
		}
	}
}

func TestASignalWhileTheStackComesUpIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	r, _ := newTestRunner(t, func(ctx context.Context) (stack.Stack, error) {
		cancel(signalled{syscall.SIGINT})
		return nil, ctx.Err()
	})
	r.in.cancel = cancel
	r.in.handle(syscall.SIGINT)
	if err := r.run(ctx); err != nil {
		t.Errorf("run = %v, want no error of the harness", err)
	}
	if got := r.exitCode("report", nil); got != 130 {
		t.Errorf("exit code %d, want 130", got)
	}
	wantSaved(t, r, harness.Invalid, harness.InterruptedRun)
}

func TestAPanicStillTakesTheStackDown(t *testing.T) {
	st := &brokenStack{}
	r, _ := newTestRunner(t, func(context.Context) (stack.Stack, error) { return st, nil })
	if err := r.dir.WritePlans(r.plans); err != nil {
		t.Fatal(err)
	}
	err := r.run(t.Context())
	if st.downs == 0 {
		t.Error("the stack was not taken down")
	}
	if got := r.exitCode("report", err); got != exitInvalid {
		t.Errorf("exit code %d, want %d; error %v", got, exitInvalid, err)
	}
	trace, readErr := os.ReadFile(filepath.Join(r.dir.Path(), "panic.txt"))
	if readErr != nil || !strings.Contains(string(trace), "goroutine") {
		t.Errorf("panic.txt: %q, %v; want the stack of the panic", trace, readErr)
	}
	if err == nil || !strings.Contains(err.Error(), "panic.txt") {
		t.Errorf("error %v, want it to say where the stack is", err)
	}
	wantSaved(t, r, harness.Invalid, harness.InterruptedRun)
}

func TestWhatCannotBeRemovedIsSaidWithTheCommandThatDoes(t *testing.T) {
	st := &brokenStack{downErr: errors.New("container is stuck")}
	r, _ := newTestRunner(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.down(ctx, st)
	if st.downCtx != nil {
		t.Errorf("Down was called with a context that is %v, want one that survives", st.downCtx)
	}
	if r.downErr == nil || !strings.Contains(r.downErr.Error(), "`fournines down`") {
		t.Errorf("downErr = %v, want it to name the command", r.downErr)
	}
}

// wantSaved fails the test unless the run directory holds one verdict with
// this outcome and a finding with this code, and judging the saved evidence
// comes to the same.
func wantSaved(t *testing.T, r *runner, outcome harness.Outcome, code harness.Code) {
	t.Helper()
	saved, err := r.dir.Verdicts()
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := savedEvidence(r.dir)
	if err != nil {
		t.Fatal(err)
	}
	for what, verdicts := range map[string][]harness.Verdict{"saved": saved, "judged again": judgeAll(evidence)} {
		if len(verdicts) != 1 || verdicts[0].Outcome != outcome {
			t.Fatalf("%s: verdicts %+v, want one that is %s", what, verdicts, outcome)
		}
		found := false
		for _, f := range verdicts[0].Findings {
			found = found || f.Code == code
		}
		if !found {
			t.Errorf("%s: findings %+v, want one with %s", what, verdicts[0].Findings, code)
		}
	}
}
