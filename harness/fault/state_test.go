package fault

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

func bind(t *testing.T, action string, params map[string]string, rs ...*replica) harness.Fault {
	t.Helper()
	targets := make([]Target, len(rs))
	for i, r := range rs {
		targets[i] = r
	}
	f, err := New(action, Binding{Values: params, Targets: targets})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func inject(t *testing.T, f harness.Fault) harness.Injection {
	t.Helper()
	in, err := f.Inject(t.Context())
	if err != nil {
		t.Fatalf("inject %s: %v", f, err)
	}
	return in
}

// prepare is what the fault says about its undoing before it is injected.
func prepare(t *testing.T, f harness.Fault) harness.UndoRecipe {
	t.Helper()
	undo, err := f.Prepare(t.Context())
	if err != nil {
		t.Fatalf("prepare %s: %v", f, err)
	}
	return undo
}

func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// both runs a test for each fault that changes a replica's state.
func both(t *testing.T, test func(t *testing.T, action string)) {
	for _, action := range []string{"container-kill", "container-pause"} {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, action) })
		})
	}
}

func TestAFaultTakesHoldIsProvedAndIsUndone(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		a, b := newReplica("catalog-1"), newReplica("catalog-2")
		f := bind(t, action, nil, a, b)
		if want := action + ` "catalog-1", "catalog-2"`; f.String() != want {
			t.Errorf("String = %s, want %s", f, want)
		}
		in := inject(t, f)
		if err := in.Await(within(t, 5*time.Second)); err != nil {
			t.Fatalf("Await: %v", err)
		}
		if a.whole() || b.whole() {
			t.Error("Await returned nil while a target was whole")
		}
		for range 2 {
			if err := in.Recover(within(t, 30*time.Second)); err != nil {
				t.Fatalf("Recover: %v", err)
			}
			if !a.whole() || !b.whole() {
				t.Error("Recover returned nil while a target was not whole")
			}
		}
	})
}

func TestInjectDoesNotBlockForTheEffect(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		r := newReplica("catalog-1")
		r.dyingFor = time.Hour
		before := time.Now()
		inject(t, bind(t, action, nil, r))
		if took := time.Since(before); took > 0 {
			t.Errorf("Inject took %s", took)
		}
	})
}

func TestInjectRefusesATargetThatDoesNotRun(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		a, b := newReplica("catalog-1"), newReplica("catalog-2")
		b.die()
		_, err := bind(t, action, nil, a, b).Inject(t.Context())
		if want := `want "catalog-2" running, saw status "exited"; nothing was touched`; err == nil || err.Error() != want {
			t.Errorf("error = %v, want %s", err, want)
		}
		if len(a.calls) > 0 {
			t.Errorf("the other target was touched: %v", a.calls)
		}
	})
}

func TestInjectThatFailsHalfWayLeavesTargetsAsFound(t *testing.T) {
	calls := map[string]string{"container-kill": "kill KILL", "container-pause": "pause"}
	for name, prepare := range map[string]func(r *replica, call string){
		"the call did nothing":            func(r *replica, call string) { r.fail[call] = errors.New("engine is gone") },
		"the call took hold all the same": func(r *replica, call string) { r.failAfter[call] = errors.New("engine is gone") },
		"the call takes hold a second later": func(r *replica, call string) {
			r.failAfter[call], r.dyingFor = errors.New("engine is gone"), time.Second
		},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(t *testing.T, action string) {
				a, b := newReplica("catalog-1"), newReplica("catalog-2")
				prepare(b, calls[action])
				_, err := bind(t, action, nil, a, b).Inject(t.Context())
				if err == nil || !strings.Contains(err.Error(), `"catalog-2": engine is gone`) {
					t.Errorf("error = %v, want the engine's", err)
				}
				if !a.whole() || !b.whole() {
					t.Errorf("not as found: %v %v", a.calls, b.calls)
				}
			})
		})
	}
}

func TestInjectThatCannotBeUndoneSaysHowToUndoIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReplica("catalog-1")
		r.failAfter["pause"], r.fail["unpause"] = errors.New("engine is gone"), errors.New("engine is gone")
		_, err := bind(t, "container-pause", nil, r).Inject(t.Context())
		if want := "undo it by hand: docker unpause 0123456789ab1"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want it to contain %q", err, want)
		}
	})
}

func TestTargetsAreHitAtTheSameTimeUpToABound(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		var all []*replica
		for i := range atOnce + 1 {
			r := newReplica(fmt.Sprintf("catalog-%d", i))
			r.during = func() { <-time.After(time.Second) }
			all = append(all, r)
		}
		before := time.Now()
		inject(t, bind(t, action, nil, all...))
		if took := time.Since(before); took != 2*time.Second {
			t.Errorf("hitting %d targets that take 1 s each took %s, want 2 s", len(all), took)
		}
	})
}

func TestInjectAfterCancelTouchesNothing(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		r := newReplica("catalog-1")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := bind(t, action, nil, r).Inject(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want %v", err, context.Canceled)
		}
		if len(r.calls) > 0 {
			t.Errorf("target was touched: %v", r.calls)
		}
	})
}

func TestInjectThatIsCancelledHalfWayLeavesTargetsAsFound(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var all []*replica
		for i := range atOnce + 1 {
			r := newReplica(fmt.Sprintf("catalog-%d", i))
			r.during = cancel
			all = append(all, r)
		}
		if _, err := bind(t, action, nil, all...).Inject(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want %v", err, context.Canceled)
		}
		for _, r := range all {
			if !r.whole() {
				t.Errorf("%s not as found: %v", r.name, r.calls)
			}
		}
		if last := all[atOnce]; len(last.calls) > 0 {
			t.Errorf("%s was touched after the cancel: %v", last.name, last.calls)
		}
	})
}

func TestAwaitWantsProofFromOutside(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		deaf, undead := newReplica("catalog-1"), newReplica("catalog-2")
		deaf.deaf, undead.zombie = true, true
		in := inject(t, bind(t, action, nil, deaf))
		err := in.Await(within(t, time.Second))
		if want := `saw status "running" and ready`; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("target that is not hit: error = %v, want it to contain %q", err, want)
		}
		if action == "container-kill" {
			in = inject(t, bind(t, action, nil, undead))
			if err := in.Await(within(t, time.Second)); err == nil {
				t.Error("a target that still answers was taken for killed")
			}
		}
		cut := newReplica("catalog-4")
		cut.zombie, cut.deaf, cut.answersIn = true, action == "container-pause", 90*time.Millisecond
		in = inject(t, bind(t, action, nil, cut))
		if err := in.Await(within(t, 250*time.Millisecond)); err == nil {
			t.Error("an answer that was cut off by the deadline was taken for none")
		}
		broken := newReplica("catalog-3")
		in = inject(t, bind(t, action, nil, broken))
		broken.fail["status"] = errors.New("engine is gone")
		if err := in.Await(within(t, time.Second)); err == nil || !strings.Contains(err.Error(), "engine is gone") {
			t.Errorf("target that cannot be seen: error = %v, want the engine's", err)
		}
	})
}

func TestAwaitChangesNothing(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		r := newReplica("catalog-1")
		in := inject(t, bind(t, action, nil, r))
		before := len(r.calls)
		if err := in.Await(within(t, time.Second)); err != nil {
			t.Fatal(err)
		}
		if got := r.calls[before:]; len(got) > 0 {
			t.Errorf("Await called %v", got)
		}
	})
}

func TestRecoverIsNotFooledByAProcessThatIsStillDying(t *testing.T) {
	for signal, dying := range map[string]time.Duration{"KILL": time.Second, "TERM": 8 * time.Second} {
		t.Run(signal, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newReplica("catalog-1")
				r.dyingFor = dying
				in := inject(t, bind(t, "container-kill", map[string]string{"signal": signal}, r))
				if diff := cmp.Diff([]string{"kill " + signal}, r.calls); diff != "" {
					t.Errorf("calls (-want +got):\n%s", diff)
				}
				if err := in.Recover(within(t, 30*time.Second)); err != nil {
					t.Fatal(err)
				}
				if !r.whole() {
					t.Error("Recover returned while the target was about to die")
				}
			})
		})
	}
}

func TestRecoverGoesOnUntilTheEngineObeys(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		r := newReplica("catalog-1")
		f := bind(t, action, nil, r)
		undo := prepare(t, f).Steps[0].Op
		in := inject(t, f)
		if err := in.Await(within(t, time.Second)); err != nil {
			t.Fatal(err)
		}
		r.fail[undo] = errors.New("engine is busy")
		err := in.Recover(within(t, time.Second))
		if want := undo + ": engine is busy"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want it to contain %q", err, want)
		}
		delete(r.fail, undo)
		if err := in.Recover(within(t, 30*time.Second)); err != nil || !r.whole() {
			t.Errorf("Recover = %v, whole %v; want a whole target", err, r.whole())
		}
	})
}

func TestRecoverActsAtOnce(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		r := newReplica("catalog-1")
		in := inject(t, bind(t, action, nil, r))
		if err := in.Await(within(t, time.Second)); err != nil {
			t.Fatal(err)
		}
		before := time.Now()
		if err := in.Recover(within(t, 30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if took, most := time.Since(before), r.bootingFor+2*readyEvery; took > most {
			t.Errorf("Recover took %s, want at most %s", took, most)
		}
	})
}

func TestRecoverLeavesAloneWhatOthersDid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		frozen, dead := newReplica("catalog-1"), newReplica("catalog-2")
		kill, pause := inject(t, bind(t, "container-kill", nil, frozen)), inject(t, bind(t, "container-pause", nil, dead))
		if err := kill.Recover(within(t, 30*time.Second)); err != nil {
			t.Fatal(err)
		}
		if err := frozen.Pause(t.Context()); err != nil {
			t.Fatal(err)
		}
		dead.die()
		for in, want := range map[harness.Injection]string{kill: `saw status "paused"`, pause: `saw status "exited"`} {
			if err := in.Recover(within(t, 5*time.Second)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error = %v, want it to contain %q", err, want)
			}
		}
		if status, _ := frozen.Status(t.Context()); status != paused {
			t.Errorf("a foreign pause was undone: %s", status)
		}
		if status, _ := dead.Status(t.Context()); status != exited {
			t.Errorf("a foreign death was undone: %s", status)
		}
	})
}

func TestUndoIsData(t *testing.T) {
	both(t, func(t *testing.T, action string) {
		a, b := newReplica("catalog-1"), newReplica("catalog-2")
		verb := map[string]string{"container-kill": "start", "container-pause": "unpause"}[action]
		want := harness.UndoRecipe{
			Summary: verb + ` "catalog-1", "catalog-2"`,
			Steps: []harness.UndoStep{
				{Op: verb, Target: "catalog-1", ID: "0123456789ab1"},
				{Op: verb, Target: "catalog-2", ID: "0123456789ab2"},
			},
			Command: "docker " + verb + " 0123456789ab1 0123456789ab2",
		}
		if diff := cmp.Diff(want, prepare(t, bind(t, action, nil, a, b))); diff != "" {
			t.Errorf("undo (-want +got):\n%s", diff)
		}
		a = newReplica("catalog-3")
		a.id = "catalog-3"
		if got := prepare(t, bind(t, action, nil, a)).Command; got != "" {
			t.Errorf("undo of a target that is no container = %q, want no engine command", got)
		}
	})
}
