package harness

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// observerFunc is an observer called "spy".
type observerFunc func(ctx context.Context, emit func(Signal)) error

func (observerFunc) String() string                                      { return "spy" }
func (o observerFunc) Observe(ctx context.Context, e func(Signal)) error { return o(ctx, e) }

func TestAnObserverThatFailsLeavesAGapAndNoSilence(t *testing.T) {
	for _, c := range []struct {
		rule    string
		observe observerFunc
		code    Code
		fails   bool
	}{
		{"one that works leaves none", func(ctx context.Context, _ func(Signal)) error { <-ctx.Done(); return nil }, "", false},
		{"one that cannot see is a gap", func(context.Context, func(Signal)) error { return errors.New("no answer in the first 10s") }, TelemetryGap, false},
		{"one that sees and then fails is a gap", func(ctx context.Context, emit func(Signal)) error {
			emit(Signal{Time: time.Now(), Kind: Ejected, Subject: "one"})
			<-ctx.Done()
			return errors.New("the last answer was malformed")
		}, TelemetryGap, false},
		{"one that panics ends the trial", func(context.Context, func(Signal)) error { panic("nil map") }, HarnessError, true},
	} {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				plan := testPlan("one")
				plan.Scenario.Faults, plan.Scenario.Limits.FailedFraction = []FaultSpec{{Action: "spy"}}, ptr(.5)
				ev, err := Run(t.Context(), plan, Rig{
					Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}, Observers: []Observer{c.observe},
				})
				if (err != nil) != c.fails {
					t.Errorf("error %v", err)
				}
				if got := codes(ev); c.code == "" && len(got) > 0 || c.code != "" && !slices.Contains(got, c.code) {
					t.Errorf("problems %v, want %q", ev.Problems, c.code)
				}
				v := Judge(plan.Scenario, []Evidence{ev}, nil)
				if want := map[bool]Outcome{true: Pass, false: Invalid}[c.code == ""]; v.Outcome != want {
					t.Errorf("outcome %v, want %v: %s", v.Outcome, want, v.Sentence)
				}
			})
		})
	}
}

func TestAClockThatJumpsIsToldFromOneThatIsLate(t *testing.T) {
	for _, c := range []struct {
		rule            string
		wall, monotonic time.Duration
		far             bool
	}{
		{"both went on alike", time.Second, time.Second, false},
		{"both are late alike: the machine was busy", time.Minute, time.Minute, false},
		{"just within a second", 2 * time.Second, time.Second, false},
		{"ahead by more", 2*time.Second + 1, time.Second, true},
		{"back by more", -1, time.Second, true},
		{"back by a second", 0, time.Second, false},
	} {
		if jump, far := clockJump(c.wall, c.monotonic); far != c.far || jump != c.wall-c.monotonic {
			t.Errorf("%s: got %v %v", c.rule, jump, far)
		}
	}
}

func TestAClockThatJumpsDuringATrialMakesItInvalid(t *testing.T) {
	for _, c := range []struct {
		rule string
		// by is how far the wall clock is off after a time of the trial.
		by      func(after time.Duration) time.Duration
		problem bool
	}{
		{"one that goes on", func(time.Duration) time.Duration { return 0 }, false},
		{"one that was always wrong", func(time.Duration) time.Duration { return -time.Hour }, false},
		{"one that is moved by half a second", func(d time.Duration) time.Duration {
			if d > 4*time.Second {
				return time.Second / 2
			}
			return 0
		}, false},
		{"one that jumps ahead during the fault", func(d time.Duration) time.Duration {
			if d > 4*time.Second {
				return 3 * time.Second
			}
			return 0
		}, true},
		{"one that is set back", func(d time.Duration) time.Duration {
			if d > 4*time.Second {
				return -3 * time.Second
			}
			return 0
		}, true},
		// The trial ends at 10.5 s, half a second after the last look at the clock.
		{"one that jumps in the last moment", func(d time.Duration) time.Duration {
			if d > 10200*time.Millisecond {
				return time.Minute
			}
			return 0
		}, true},
	} {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				plan, start := testPlan("one"), time.Now()
				plan.Scenario.Stages.Recovery = 2500 * time.Millisecond
				plan.Scenario.Faults, plan.Scenario.Limits.FailedFraction = []FaultSpec{{Action: "spy"}}, ptr(.5)
				ev, err := Run(t.Context(), plan, Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "one", log: &log}}},
					func(o *options) {
						o.wall = func() time.Time { return time.Now().Round(0).Add(c.by(time.Since(start))) }
					})
				if err != nil {
					t.Fatal(err)
				}
				if got := slices.Contains(codes(ev), ClockJump); got != c.problem {
					t.Errorf("problems %v after %v, want a clock jump: %v", ev.Problems, ev.End.At, c.problem)
				}
				v := Judge(plan.Scenario, reread(t, []Evidence{ev}), nil)
				if want := map[bool]Outcome{false: Pass, true: Invalid}[c.problem]; v.Outcome != want {
					t.Errorf("outcome %v, want %v: %s", v.Outcome, want, v.Sentence)
				}
			})
		})
	}
}
