package harness

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// leverFunc is a lever that is pulled when it returns an error.
type leverFunc func(ctx context.Context) error

func (leverFunc) String() string                    { return "test" }
func (l leverFunc) Check(ctx context.Context) error { return l(ctx) }

// pulledAfter is a lever that is pulled some time from now on.
func pulledAfter(d time.Duration) leverFunc {
	start := time.Now()
	return func(context.Context) error {
		if time.Since(start) >= d {
			return errors.New("it is pulled")
		}
		return nil
	}
}

func TestALeverEndsTheTrialAndItsFaults(t *testing.T) {
	hanging := leverFunc(func(ctx context.Context) error {
		<-ctx.Done()
		return context.Cause(ctx)
	})
	for _, tt := range []struct {
		rule string
		// Disruption begins at 3 s; the faults come at 3 s and 4 s, for 5 s.
		lever   func() leverFunc
		onAwait func()
		want    []string
		within  time.Duration // from the start to the end of the trial
	}{
		{"pulled before the first fault: nothing is injected", func() leverFunc { return pulledAfter(time.Second) }, nil, nil, 3 * time.Second},
		{"one that hangs counts as pulled", func() leverFunc { return hanging }, nil, nil, 4 * time.Second},
		{"pulled between two faults: the first is recovered, the second never comes", func() leverFunc { return pulledAfter(3500 * time.Millisecond) }, nil,
			[]string{"inject one", "recover one"}, 4 * time.Second},
		{"pulled under both: both are recovered, the last first", func() leverFunc { return pulledAfter(5500 * time.Millisecond) }, nil,
			[]string{"inject one", "inject two", "recover two", "recover one"}, 6 * time.Second},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				rig := Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}, &spyFault{name: "two", log: &log}}}
				plan := testPlan("one", "two")
				ev, err := Run(t.Context(), plan, rig, WithLevers(tt.lever()))
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(log, tt.want) {
					t.Errorf("saw %q, want %q", log, tt.want)
				}
				if got := codes(ev); !slices.Equal(got, []Code{SafetyLever}) {
					t.Errorf("problems %v, want %s alone: %+v", got, SafetyLever, ev.Problems)
				}
				if ev.End.Reason != Aborted || ev.End.Code != SafetyLever || !strings.Contains(ev.End.Detail, "safety lever test: ") {
					t.Errorf("its end is %+v, want aborted by the lever", ev.End)
				}
				if ev.End.At > tt.within {
					t.Errorf("it ended after %s, want %s", ev.End.At, tt.within)
				}
				verdict := Judge(plan.Scenario, []Evidence{ev}, nil)
				if verdict.Outcome != Invalid || !slices.ContainsFunc(verdict.Findings, func(f Finding) bool { return f.Code == SafetyLever }) {
					t.Errorf("verdict %s: %+v, want invalid because of the lever", verdict.Outcome, verdict.Findings)
				}
				if slices.ContainsFunc(verdict.Findings, func(f Finding) bool { return f.Code == FaultNotEffective }) {
					t.Errorf("a fault that was not wanted any more is called ineffective: %+v", verdict.Findings)
				}
				if why := EnoughTrials(plan.Scenario, []Evidence{ev}, 5); !strings.Contains(why, "safety lever") {
					t.Errorf("another trial is wanted: %q", why)
				}
			})
		})
	}
}

func TestALeverIsHeededWhileAFaultIsAwaited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		f := &slowFault{spyFault{name: "one", log: &log}}
		ev, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{f}}, WithLevers(pulledAfter(3500*time.Millisecond)))
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"inject one", "recover one"}; !slices.Equal(log, want) {
			t.Errorf("saw %q, want %q", log, want)
		}
		if got := codes(ev); !slices.Equal(got, []Code{SafetyLever}) || ev.End.At > 4*time.Second {
			t.Errorf("problems %v after %s, want %s alone after 4 s", got, ev.End.At, SafetyLever)
		}
	})
}

// slowFault never takes effect.
type slowFault struct{ spyFault }

func (f *slowFault) Inject(ctx context.Context) (Injection, error) {
	if _, err := f.spyFault.Inject(ctx); err != nil {
		return nil, err
	}
	return f, nil
}

func (f *slowFault) Await(ctx context.Context) error {
	<-ctx.Done()
	return context.Cause(ctx)
}

func TestALeverThatIsLeftAloneChangesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		looks := 0
		lever := leverFunc(func(context.Context) error { looks++; return nil })
		ev, err := Run(t.Context(), testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}}, WithLevers(lever))
		if err != nil || ev.End.Reason != Completed || len(ev.Problems) > 0 {
			t.Fatalf("%v, %+v, %+v, want a complete trial", err, ev.End, ev.Problems)
		}
		if looks < 5 || looks > 7 { // before the fault, and every second of five
			t.Errorf("it was looked at %d times in 5 s", looks)
		}
	})
}

func TestAnInterruptionIsNoLever(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(4*time.Second, func() { cancel(errors.New("interrupted")) })
		lever := leverFunc(func(ctx context.Context) error { return ctx.Err() })
		ev, err := Run(ctx, testPlan("one"), Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}}, WithLevers(lever))
		if err != nil || ev.End.Reason != Interrupted || len(ev.Problems) > 0 {
			t.Errorf("%v, %+v, %+v, want it interrupted", err, ev.End, ev.Problems)
		}
	})
}
