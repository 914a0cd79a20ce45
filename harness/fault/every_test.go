package fault

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

// undone are the faults that take a replica from whole to broken and back, with
// what is called to break it and to make it whole.
func undone() map[string][2]string {
	return map[string][2]string{
		"container-stop": {"stop", "start"}, "container-restart": {"restart", ""}, "container-remove": {"remove", "recreate"},
		"network-disconnect": {"disconnect", "connect"}, "node-isolate": {"disconnect", "connect"},
		"node-stop": {"kill KILL", "start"}, "zone-outage": {"kill KILL", "start"}, "node-pause": {"pause", "unpause"},
	}
}

func every(t *testing.T, test func(t *testing.T, action, breaks, mends string)) {
	for action, calls := range undone() {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { test(t, action, calls[0], calls[1]) })
		})
	}
}

func TestEveryFaultTakesHoldIsProvedAndIsUndone(t *testing.T) {
	every(t, func(t *testing.T, action, breaks, mends string) {
		a, b := newReplica("catalog-1"), newReplica("gateway-2")
		f := bind(t, action, nil, a, b)
		recipe := prepare(t, f)
		if len(a.calls) > 0 {
			t.Errorf("Prepare touched the target: %v", a.calls)
		}
		if len(recipe.Steps) != 2 || recipe.Steps[1].Target != "gateway-2" || recipe.Steps[1].ID != b.id || recipe.Command == "" {
			t.Errorf("recipe = %+v, want a step for each target, and a command", recipe)
		}
		if mends != "" && !slices.ContainsFunc(recipe.Steps, func(s harness.UndoStep) bool { return s.Op == mends }) {
			t.Errorf("recipe = %+v, want steps that %s", recipe, mends)
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
				t.Errorf("Recover returned nil while a target was not whole: %v", a.calls)
			}
		}
		if want := slices.DeleteFunc([]string{breaks, mends}, func(s string) bool { return s == "" }); !slices.Equal(a.calls, want) {
			t.Errorf("calls = %v, want %v", a.calls, want)
		}
	})
}

func TestEveryFaultWantsProof(t *testing.T) {
	every(t, func(t *testing.T, action, _, _ string) {
		deaf := newReplica("catalog-1")
		deaf.deaf = true
		in := inject(t, bind(t, action, nil, deaf))
		if err := in.Await(within(t, time.Second)); err == nil {
			t.Error("a target that was not hit was taken for broken")
		}
		if action == "container-restart" || action == "node-pause" {
			return // nobody answers, or what answers is the new process
		}
		undead := newReplica("catalog-2")
		undead.zombie = true
		in = inject(t, bind(t, action, nil, undead))
		if err := in.Await(within(t, time.Second)); err == nil {
			t.Error("a target that still answers was taken for broken")
		}
	})
}

func TestEveryFaultRefusesATargetThatDoesNotRun(t *testing.T) {
	every(t, func(t *testing.T, action, _, _ string) {
		a, b := newReplica("catalog-1"), newReplica("catalog-2")
		b.die()
		f := bind(t, action, nil, a, b)
		if _, err := f.Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), `want "catalog-2" running`) {
			t.Errorf("Prepare = %v, want a refusal", err)
		}
		if _, err := f.Inject(t.Context()); err == nil || len(a.calls) > 0 {
			t.Errorf("Inject = %v after %v, want a refusal before anything is touched", err, a.calls)
		}
	})
}

func TestEveryFaultThatTakesHoldHalfWayIsUndone(t *testing.T) {
	every(t, func(t *testing.T, action, breaks, _ string) {
		a, b := newReplica("catalog-1"), newReplica("catalog-2")
		b.failAfter[breaks] = errors.New("engine is gone")
		if _, err := bind(t, action, nil, a, b).Inject(t.Context()); err == nil || !strings.Contains(err.Error(), "engine is gone") {
			t.Errorf("error = %v, want the engine's", err)
		}
		if !a.whole() || !b.whole() {
			t.Errorf("not as found: %v %v", a.calls, b.calls)
		}
	})
}

func TestEveryFaultIsRecoveredByWhoeverCallsAgain(t *testing.T) {
	every(t, func(t *testing.T, action, _, mends string) {
		if mends == "" {
			return
		}
		r := newReplica("catalog-1")
		in := inject(t, bind(t, action, nil, r))
		if err := in.Await(within(t, time.Second)); err != nil {
			t.Fatal(err)
		}
		r.fail[mends] = errors.New("engine is busy")
		if err := in.Recover(within(t, time.Second)); err == nil || !strings.Contains(err.Error(), "engine is busy") {
			t.Errorf("error = %v, want the engine's", err)
		}
		delete(r.fail, mends)
		if err := in.Recover(within(t, 30*time.Second)); err != nil || !r.whole() {
			t.Errorf("Recover = %v, whole %v; want a whole target", err, r.whole())
		}
	})
}

func TestWhatIsNotKnownIsNotTouched(t *testing.T) {
	for action, question := range map[string]string{"container-remove": "blueprint", "network-disconnect": "networks", "container-restart": "life"} {
		r := newReplica("catalog-1")
		r.fail[question] = errors.New("engine is gone")
		f := bind(t, action, nil, r)
		if _, err := f.Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "nothing was touched") {
			t.Errorf("%s: Prepare = %v, want a refusal", action, err)
		}
		if _, err := f.Inject(t.Context()); err == nil || len(r.calls) > 0 {
			t.Errorf("%s: Inject = %v after %v, want a refusal", action, err, r.calls)
		}
	}
	alone := newReplica("catalog-1")
	alone.settings = ""
	if _, err := bind(t, "network-disconnect", nil, alone).Prepare(t.Context()); err == nil || !strings.Contains(err.Error(), "on none") {
		t.Errorf("a target without a network: error = %v, want a refusal", err)
	}
}

func TestDrainIsForKubernetes(t *testing.T) {
	_, err := New("node-drain", Binding{Targets: []Target{newReplica("catalog-1")}})
	if err == nil || !strings.Contains(err.Error(), "Kubernetes only") {
		t.Errorf("error = %v, want Kubernetes only", err)
	}
}

func TestAStopWaitsForTheGraceAndNoLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReplica("catalog-1")
		r.dyingFor = time.Hour
		before := time.Now()
		if _, err := bind(t, "container-stop", map[string]string{"grace": "10s"}, r).Inject(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(before); took != 10*time.Second {
			t.Errorf("Inject took %s, want the grace of 10 s", took)
		}
	})
}
