package fault

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

// holdable is a replica of a platform that starts it again as soon as it has
// ended, unless it is held.
type holdable struct {
	*replica
	held bool
}

func (h *holdable) Hold(_ context.Context, node, on bool) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held != on {
		h.calls = append(h.calls, fmt.Sprintf("hold node=%v %v", node, on))
	}
	h.held = on
	return nil
}

// Status lets the platform act first.
func (h *holdable) Status(ctx context.Context) (string, error) {
	status, err := h.replica.Status(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	if status == exited && !h.held {
		h.status, h.readyAt, h.lives = running, time.Now().Add(h.bootingFor), h.lives+1
		status = running
	}
	return status, err
}

// bindHoldable is bind for one of those.
func bindHoldable(t *testing.T, action string, h *holdable) harness.Fault {
	t.Helper()
	f, err := New(action, Binding{Targets: []Target{h}})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAFaultAboutAStateHoldsItsTargets(t *testing.T) {
	for action, want := range map[string][]string{
		"node-stop":       {"hold node=true true", "kill KILL", "hold node=true false"},
		"zone-outage":     {"hold node=true true", "kill KILL", "hold node=true false"},
		"prometheus-kill": {"hold node=false true", "kill KILL", "hold node=false false"},
		"node-pause":      {"hold node=true true", "pause", "hold node=true false", "unpause"},
	} {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := &holdable{replica: newReplica("prometheus")}
				f := bindHoldable(t, action, h)
				if recipe := prepare(t, f); recipe.Steps[0].Args["held"] == "" {
					t.Errorf("recipe = %+v, want that the target has to be let go", recipe)
				}
				in := inject(t, f)
				if err := in.Await(within(t, 5*time.Second)); err != nil {
					t.Fatalf("Await: %v", err)
				}
				time.Sleep(10 * time.Second)
				if h.whole() {
					t.Error("the platform brought the target back while the fault was in effect")
				}
				for range 2 {
					if err := in.Recover(within(t, 30*time.Second)); err != nil {
						t.Fatalf("Recover: %v", err)
					}
				}
				if !h.whole() || !slices.Equal(h.calls, want) {
					t.Errorf("calls = %q, whole = %v; want %q and whole", h.calls, h.whole(), want)
				}
			})
		})
	}
}

func TestAFaultAboutAnEventLetsThePlatformRepair(t *testing.T) {
	for _, action := range []string{"container-kill", "container-stop"} {
		t.Run(action, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := &holdable{replica: newReplica("catalog-1")}
				in := inject(t, bindHoldable(t, action, h))
				if err := in.Await(within(t, 5*time.Second)); err != nil {
					t.Fatalf("Await: %v; want a target that was started again at once taken for hit", err)
				}
				if err := in.Recover(within(t, 30*time.Second)); err != nil {
					t.Fatalf("Recover: %v", err)
				}
				if !h.whole() || slices.Contains(h.calls, "start") || slices.ContainsFunc(h.calls, func(c string) bool { return c[:4] == "hold" }) {
					t.Errorf("calls = %q, whole = %v; want the platform to have started it", h.calls, h.whole())
				}
			})
		})
	}
}

func TestATargetThatCannotBeHitIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &holdable{replica: newReplica("catalog-2")}
		h.fail["kill KILL"] = context.DeadlineExceeded
		if _, err := bindHoldable(t, "node-stop", h).Inject(t.Context()); err == nil || h.held {
			t.Errorf("Inject = %v, held = %v; want an error, and the target let go", err, h.held)
		}
	})
}
