package harness

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// This file runs what judge_never_test.go makes up: from the first request to
// the verdict.

// deadLoad emits a few requests and then none, until it is told to end.
type deadLoad struct{ sends int }

func (l deadLoad) Run(ctx context.Context, emit func(Event)) error {
	for seq := range l.sends {
		now := time.Now()
		emit(Event{Seq: uint64(seq), Intended: now, Sent: now, Latency: time.Millisecond, Class: OK, Status: 200})
	}
	<-ctx.Done()
	return nil
}

// endedLoad ends before it was asked to.
type endedLoad struct{ err error }

func (l endedLoad) Run(context.Context, func(Event)) error { return l.err }

// failingProbe cannot be asked.
type failingProbe struct{}

func (failingProbe) String() string              { return "query" }
func (failingProbe) Check(context.Context) error { return errors.New("query prometheus: 503") }

func TestNeverPassesARunThatWasNoExperiment(t *testing.T) {
	for _, c := range []struct {
		rule   string
		change func(*Rig, *spyFault)
		want   Code
	}{
		{"the load sends nothing", func(r *Rig, _ *spyFault) { r.Load = deadLoad{} }, ZeroEvents},
		{"the load dies after a few requests", func(r *Rig, _ *spyFault) { r.Load = deadLoad{3} }, ZeroEvents},
		{"the load ends at once", func(r *Rig, _ *spyFault) { r.Load = endedLoad{} }, ZeroEvents},
		{"the load cannot work", func(r *Rig, _ *spyFault) { r.Load = endedLoad{errors.New("no ports")} }, HarnessError},
		{"the fault is never seen in effect", func(_ *Rig, f *spyFault) { f.awaitErr = errors.New("it still answers") }, FaultNotEffective},
		{"the fault cannot be injected", func(_ *Rig, f *spyFault) { f.injectErr = errors.New("no such container") }, FaultNotEffective},
		{"the fault stays", func(_ *Rig, f *spyFault) { f.recoverErrs = 1 << 20 }, FaultNotRemoved},
		{"a steady probe cannot ask", func(r *Rig, _ *spyFault) { r.Steady = []Probe{failingProbe{}} }, SteadyStateNotMet},
	} {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				f := &spyFault{name: "one", log: &log}
				plan := testPlan("one")
				plan.Scenario.Faults, plan.Scenario.Limits.FailedFraction = []FaultSpec{{Action: "spy"}}, ptr(.5)
				rig := Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{f}}
				c.change(&rig, f)
				ev, _ := Run(t.Context(), plan, rig)
				v := neverPass(t, plan.Scenario, []Evidence{ev}, nil)
				found := false
				for _, f := range v.Findings {
					found = found || f.Outcome == Invalid && f.Code == c.want
				}
				if v.Outcome != Invalid || !found {
					t.Errorf("got %v: %+v; want invalid with %s", v.Outcome, v.Findings, c.want)
				}
			})
		})
	}
}

// Whatever is on disk when fournines is killed, it is no pass: the file is cut
// at every line.
func TestNeverPassesAFileThatEndsAtAnyLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		var file bytes.Buffer
		plan := testPlan("one")
		plan.Scenario.Faults, plan.Scenario.Limits.FailedFraction = []FaultSpec{{Action: "spy"}}, ptr(.5)
		ev, err := Run(t.Context(), plan, Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}}, WithSink(&file))
		if err != nil {
			t.Fatal(err)
		}
		if v := Judge(plan.Scenario, []Evidence{ev}, nil); v.Outcome != Pass {
			t.Fatalf("the whole run: got %v, want pass: %s", v.Outcome, v.Sentence)
		}
		lines := bytes.SplitAfter(bytes.TrimSpace(file.Bytes()), []byte("\n"))
		for n := 1; n < len(lines); n++ {
			cut, err := ReadEvidence(bytes.NewReader(bytes.Join(lines[:n], nil)))
			if err != nil {
				t.Fatalf("%d of %d lines: %v", n, len(lines), err)
			}
			if v := neverPass(t, plan.Scenario, cut, nil); v.Outcome != Invalid {
				t.Errorf("%d of %d lines: got %v, want invalid", n, len(lines), v.Outcome)
			}
		}
	})
}
