package rig_test

import (
	"bytes"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/harness/slo"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/stack/inproc"
	"github.com/fournines/fournines/stack/platform/orders"
)

func TestEveryMixThatAFileMayNameExists(t *testing.T) {
	if diff := cmp.Diff(load.Mixes(), spec.Mixes()); diff != "" {
		t.Errorf("mixes (-load +spec):\n%s", diff)
	}
}

// writing is a short scenario whose load orders, and loses nothing.
func writing(faults ...harness.FaultSpec) harness.Scenario {
	none, never := 0, time.Duration(0)
	s := harness.Scenario{
		Name: "writing", Hypothesis: "no acknowledged order is lost",
		Load:   harness.LoadSpec{Rate: 200, Mix: "shop", Timeout: 2 * time.Second},
		Stages: harness.Stages{Steady: 300 * time.Millisecond, Baseline: 2 * time.Second},
		Faults: faults,
		SLO:    harness.SLO{Availability: .99},
		Limits: harness.Limits{LostWrites: &none, DuplicatedWrites: &none, PhantomWrites: &none, RPO: &never},
	}
	if len(faults) > 0 {
		s.Stages.Baseline, s.Stages.Disruption, s.Stages.Recovery = 500*time.Millisecond, 2*time.Second, 1500*time.Millisecond
	}
	return s
}

// conducted runs one trial of s against a stack of its own, and returns what was
// written as evidence.
func conducted(t *testing.T, s harness.Scenario, o inproc.Options) harness.Evidence {
	t.Helper()
	st, err := inproc.Up(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	var file bytes.Buffer
	if _, err := rig.Trial(t.Context(), s, st, 7, 1, harness.WithSink(&file)); err != nil {
		t.Fatal(err)
	}
	all, err := harness.ReadEvidence(&file)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d trials read, %v; want one", len(all), err)
	}
	return all[0]
}

// unhurried leaves out how late the generator was and what it did not get out:
// that is not what is tested, and a busy machine would decide.
func unhurried(ev harness.Evidence) harness.Evidence {
	for i := range ev.Seconds {
		ev.Seconds[i].Lag = slo.Histogram{}
		delete(ev.Seconds[i].Classes, harness.NotSent)
	}
	return ev
}

// aboutWrites are the outcomes of the four checks, in the order of lost,
// duplicated, phantom and recovery point.
func aboutWrites(t *testing.T, s harness.Scenario, ev harness.Evidence) (all []harness.Outcome) {
	t.Helper()
	v := harness.Judge(s, []harness.Evidence{unhurried(ev)}, nil)
	for _, check := range []string{"lostWrites", "duplicatedWrites", "phantomWrites", "rpo"} {
		i := slices.IndexFunc(v.Findings, func(f harness.Finding) bool { return f.Check == check })
		if i < 0 {
			t.Fatalf("no finding about %s: %s", check, v.Sentence)
		}
		t.Logf("%s: %v: %s", check, v.Findings[i].Outcome, v.Findings[i].Reason)
		all = append(all, v.Findings[i].Outcome)
		if v.Findings[i].Outcome == harness.Fail && v.Outcome != harness.Fail {
			t.Errorf("%s fails and the verdict is %v", check, v.Outcome)
		}
	}
	return all
}

const (
	pass = harness.Pass
	fail = harness.Fail
)

func TestWhatAKnownBadStoreGetsWrongIsFound(t *testing.T) {
	inRealTime(t)
	for name, c := range map[string]struct {
		store orders.Store
		want  []harness.Outcome
		kinds []string
	}{
		"an honest one":                  {orders.NewMemory(), []harness.Outcome{pass, pass, pass, pass}, nil},
		"one that forgets orders":        {orders.NewMemory(orders.Forgets), []harness.Outcome{fail, pass, pass, fail}, []string{"lost"}},
		"one that repeats orders":        {orders.NewMemory(orders.Repeats), []harness.Outcome{pass, fail, pass, pass}, []string{"duplicated"}},
		"one that keeps what it refuses": {orders.NewMemory(orders.KeepsRefused), []harness.Outcome{pass, pass, fail, pass}, []string{"phantom"}},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			s := writing()
			ev := conducted(t, s, inproc.Options{Orders: c.store})
			l := ev.Ledger
			if l == nil || l.State != harness.LedgerReconciled || l.Acknowledged < 50 {
				t.Fatalf("ledger %+v, want one that is reconciled with the orders of two seconds", l)
			}
			if diff := cmp.Diff(c.want, aboutWrites(t, s, ev)); diff != "" {
				t.Errorf("lost, duplicated, phantom, recovery point (-want +got):\n%s\n%+v", diff, l)
			}
			var kinds []string
			for _, e := range l.Examples {
				if !slices.Contains(kinds, e.Kind) {
					kinds = append(kinds, e.Kind)
				}
			}
			if diff := cmp.Diff(c.kinds, kinds); diff != "" {
				t.Errorf("examples (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAKillLosesOrdersWhereTheyAreKeptTooLate(t *testing.T) {
	inRealTime(t)
	kill := harness.FaultSpec{Action: "container-kill", Target: harness.TargetSpec{Component: "orders", Mode: "one"}}
	for name, c := range map[string]struct {
		without []string
		want    []harness.Outcome
	}{
		"the whole platform": {nil, []harness.Outcome{pass, pass, pass, pass}},
		"without durability": {[]string{"durability"}, []harness.Outcome{fail, pass, pass, fail}},
	} {
		t.Run(name, func(t *testing.T) {
			defer goleak.VerifyNone(t)
			s := writing(kill)
			ev := conducted(t, s, inproc.Options{Without: c.without})
			if diff := cmp.Diff(c.want, aboutWrites(t, s, ev)); diff != "" {
				t.Errorf("lost, duplicated, phantom, recovery point (-want +got):\n%s\n%+v", diff, ev.Ledger)
			}
			r := harness.Measure(ev).Recovery
			if !r.Applies || r.Repaired.State != harness.Seen {
				t.Fatalf("recovery %+v, want one that was repaired", r)
			}
			if lost := c.without != nil; (r.Data.State == harness.Seen) == lost {
				t.Errorf("t6 is %+v of a stack that lost orders: %v", r.Data, lost)
			}
			if !slices.ContainsFunc(ev.Signals, func(s harness.Signal) bool { return s.Kind == harness.Readable }) {
				t.Error("nobody read an order during the trial")
			}
		})
	}
}

// confused takes orders and lists somebody else's.
type confused struct{ *orders.Memory }

func (confused) After(context.Context, string, int64, int) ([]orders.Order, error) {
	return []orders.Order{{ID: 1, Draft: orders.Draft{Client: "somebody", Key: "k", Item: 1, Quantity: 1}}}, nil
}

func TestWhatCannotBeReadBackIsNotJudged(t *testing.T) {
	inRealTime(t)
	s := writing()
	ev := conducted(t, s, inproc.Options{Orders: confused{orders.NewMemory()}})
	unknown := harness.Inconclusive
	if diff := cmp.Diff([]harness.Outcome{unknown, unknown, unknown, unknown}, aboutWrites(t, s, ev)); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s\n%+v", diff, ev.Ledger)
	}
}

// inRealTime skips a test with -short: what it measures is nothing that a
// machine which is slowed down, as by the race detector, can keep up with.
func inRealTime(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it measures in real time")
	}
}
