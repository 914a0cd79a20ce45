package fault

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// bubble runs a test on its own clock; an agent that is left keeps it from
// ending.
func bubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// broken takes a fault into effect.
func broken(t *testing.T, f *heldFault) harness.Injection {
	t.Helper()
	prepare(t, f)
	in := inject(t, f)
	if err := in.Await(within(t, 5*time.Second)); err != nil {
		t.Fatalf("Await: %v", err)
	}
	return in
}

// mended recovers twice and wants every host whole, with no agent left.
func mended(t *testing.T, in harness.Injection, hosts ...*heldHost) {
	t.Helper()
	for range 2 {
		if err := in.Recover(within(t, 30*time.Second)); err != nil {
			t.Fatalf("Recover: %v", err)
		}
	}
	untouched(t, hosts...)
}

func untouched(t *testing.T, hosts ...*heldHost) {
	t.Helper()
	synctest.Wait()
	for _, h := range hosts {
		if h.is() != "whole" || h.left() != 0 {
			t.Errorf("%q is %s, with %d agents beside it; want it whole and alone", h.name, h.is(), h.left())
		}
	}
}

func refused(t *testing.T, what string, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s = %v\nwant %q in it", what, err, want)
	}
}

func TestHeldFault(t *testing.T) {
	bubble(t, "takes hold, is proved and is undone", func(t *testing.T) {
		a, b := newHeldHost("a-1"), newHeldHost("b-1")
		f := held(t, watched, a, b)
		recipe := prepare(t, f)
		if a.is() != "whole" {
			t.Error("Prepare touched the target")
		}
		if s := recipe.Steps; len(s) != 2 || s[1].Op != "agent" || s[1].Target != "b-1" || s[1].ID != b.ID() ||
			s[1].Args["spec"] != `{"effect":"break"}` || s[1].Args["before"] != `{"state":"whole"}` || s[1].Args["shares"] != "net" || s[1].Args["capabilities"] != "NET_ADMIN" {
			t.Errorf("recipe = %+v", recipe)
		}
		if want := "fournines heal; for c in " + a.ID() + " " + b.ID() + "; do docker ps"; !strings.HasPrefix(recipe.Command, want) {
			t.Errorf("command = %q, want %q first", recipe.Command, want)
		}
		in := inject(t, f)
		if err := in.Await(within(t, time.Second)); err != nil || a.is() != "broken" || b.is() != "broken" {
			t.Errorf("Await = %v with %s and %s", err, a.is(), b.is())
		}
		<-time.After(time.Minute - time.Second) // beats keep it
		if a.is() != "broken" {
			t.Error("it ended early")
		}
		mended(t, in, a, b)
	})
	bubble(t, "ends by itself when its time is over, and Recover finds it undone", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, nil, h))
		<-time.After(2*leaseSlack + time.Second)
		if h.is() != "whole" {
			t.Error("the lease is over and the host broken")
		}
		mended(t, in, h)
	})
	bubble(t, "is restored by another agent after the first was killed", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, watched, h))
		h.first().kill()
		if h.is() != "broken" {
			t.Fatal("a killed agent undid something")
		}
		mended(t, in, h)
	})
	bubble(t, "is not undone when no other agent can be started, until one can", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, nil, h))
		h.first().kill()
		h.with(func() { h.noAgent = -1 })
		refused(t, "Recover", in.Recover(within(t, time.Second)), "start another agent: no room")
		h.with(func() { h.noAgent = 0 })
		mended(t, in, h)
	})
	bubble(t, "is over when the target exited", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, watched, h))
		h.first().kill()
		h.with(func() { h.noAgent, h.status, h.state, h.ready = -1, exited, "whole", errors.New("refused") })
		mended(t, in, h)
	})
	bubble(t, "is not over when the target exited and has volumes", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, func(hd *hold) { hd.shares = []string{"volumes"} }, h))
		h.with(func() { h.status = exited })
		refused(t, "Recover", in.Recover(within(t, time.Second)), `status "exited"`)
		h.with(func() { h.status = running })
		mended(t, in, h)
	})
	bubble(t, "is undone once the target that restarted is ready", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, nil, h))
		h.with(func() { h.ready = errors.New("booting") })
		refused(t, "Recover", in.Recover(within(t, time.Second)), "not ready")
		time.AfterFunc(time.Second, func() { h.with(func() { h.ready = nil }) })
		mended(t, in, h)
	})
	bubble(t, "that cannot be undone says so, and can be later", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, nil, h))
		h.with(func() { h.stuck = 1 << 20 })
		refused(t, "Recover", in.Recover(within(t, 5*time.Minute)), "it is stuck")
		h.with(func() { h.stuck = 0 })
		mended(t, in, h)
	})
	bubble(t, "is undone without Recover when the harness goes away", func(t *testing.T) {
		h := newHeldHost("a-1")
		f := held(t, nil, h)
		broken(t, f)
		_ = f.grips[0].client.Close() // as when the process is killed: the stream ends
		untouched(t, h)
	})
}

func TestHeldFaultThatDoesNotTakeHold(t *testing.T) {
	bubble(t, "on one of two targets is undone on the other", func(t *testing.T) {
		a, b := newHeldHost("a-1"), newHeldHost("b-1")
		b.applyFails = true
		f := held(t, watched, a, b)
		prepare(t, f)
		_, err := f.Inject(t.Context())
		refused(t, "Inject", err, `break "b-1": the agent could not apply: it does not break`)
		if errors.Is(err, harness.ErrNotUndone) {
			t.Errorf("Inject = %v: want nothing left", err)
		}
		untouched(t, a, b)
	})
	bubble(t, "and cannot be undone says so", func(t *testing.T) {
		a, b := newHeldHost("a-1"), newHeldHost("b-1")
		b.applyFails, a.stuck = true, 1<<20
		f := held(t, nil, a, b)
		prepare(t, f)
		_, err := f.Inject(t.Context())
		if !errors.Is(err, harness.ErrNotUndone) {
			t.Errorf("Inject = %v, want it to say that something is left", err)
		}
		a.with(func() { a.stuck = 0 })
		mended(t, f, a, b)
	})
	bubble(t, "is not taken for effective", func(t *testing.T) {
		h := newHeldHost("a-1")
		h.deaf = true
		f := held(t, nil, h)
		prepare(t, f)
		in := inject(t, f)
		refused(t, "Await", in.Await(within(t, time.Second)), "the agent does not see it in effect: whole")
		mended(t, in, h)
	})
	bubble(t, "outside is not taken for effective whatever the agent sees", func(t *testing.T) {
		h := newHeldHost("a-1")
		f := held(t, func(hd *hold) {
			hd.effective = func(context.Context, Host, agent.Seen) (bool, string) { return false, "an answer" }
		}, h)
		prepare(t, f)
		in := inject(t, f)
		refused(t, "Await", in.Await(within(t, time.Second)), "saw an answer")
		mended(t, in, h)
	})
	bubble(t, "is not taken for effective after its agent was killed", func(t *testing.T) {
		h := newHeldHost("a-1")
		f := held(t, nil, h)
		prepare(t, f)
		in := inject(t, f)
		h.first().kill()
		refused(t, "Await", in.Await(within(t, time.Second)), agent.ErrLost.Error())
		mended(t, in, h)
	})
	bubble(t, "because it comes too late leaves nothing", func(t *testing.T) {
		h := newHeldHost("a-1")
		f := held(t, nil, h)
		prepare(t, f)
		<-time.After(agent.IdleFor + time.Second)
		_, err := f.Inject(t.Context())
		refused(t, "Inject", err, agent.ErrLost.Error())
		untouched(t, h)
	})
}

func TestHeldFaultRefuses(t *testing.T) {
	spec := errors.New("no address")
	for name, c := range map[string]struct {
		change func(*hold)
		other  func(*heldHost)
		want   string
	}{
		"a target that does not run":         {nil, func(h *heldHost) { h.status = paused }, `want "b-1" running, saw status "paused"; nothing was touched`},
		"a target without a spec":            {func(hd *hold) { hd.spec = specOf("b-1", spec) }, nil, `break "b-1": no address`},
		"a target without room for an agent": {nil, func(h *heldHost) { h.noAgent = 1 }, `start an agent beside "b-1": no room`},
		"an effect that nobody knows":        {func(hd *hold) { hd.spec = specOf("", nil) }, nil, `unknown effect "dance"`},
		"a target without a witness":         {watched, func(h *heldHost) { h.noAgent = 2 }, `start a witness beside "b-1": no room`},
		"a target that is broken already":    {watched, func(h *heldHost) { h.state = "broken" }, "want to see that all is well before, saw the witness saw: broken"},
		"a target of a witness without post": {func(hd *hold) {
			watched(hd)
			hd.witness.post = func(context.Context, Host) (Host, *agent.Spec, error) { return nil, nil, spec }
		}, nil, "no address; nothing was touched"},
	} {
		bubble(t, name, func(t *testing.T) {
			a, b := newHeldHost("a-1"), newHeldHost("b-1")
			if c.other != nil {
				c.other(b)
			}
			_, err := held(t, c.change, a, b).Prepare(within(t, time.Minute))
			refused(t, "Prepare", err, c.want)
			b.with(func() { b.state = "whole" })
			untouched(t, a, b)
		})
	}
	bubble(t, "to be injected unprepared", func(t *testing.T) {
		h := newHeldHost("a-1")
		_, err := held(t, nil, h).Inject(t.Context())
		refused(t, "Inject", err, "it was not prepared; nothing was touched")
		untouched(t, h)
	})
	bubble(t, "to be injected after its preparation was given up", func(t *testing.T) {
		h := newHeldHost("a-1")
		f := held(t, watched, h)
		ctx, cancel := context.WithCancel(t.Context())
		if _, err := f.Prepare(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
		untouched(t, h)
		_, err := f.Inject(t.Context())
		refused(t, "Inject", err, "nothing was touched")
	})
}

// specOf fails for one target, and else names an effect that nobody knows
// unless that target is named.
func specOf(bad string, err error) func(context.Context, Host) (agent.Spec, error) {
	return func(_ context.Context, t Host) (agent.Spec, error) {
		switch {
		case bad == "":
			return agent.Spec{Effect: "dance"}, nil
		case t.Name() == bad:
			return agent.Spec{}, err
		}
		return agent.Spec{Effect: "break"}, nil
	}
}

func TestWitness(t *testing.T) {
	bubble(t, "that sees nothing broken keeps the fault from being effective", func(t *testing.T) {
		h := newHeldHost("a-1")
		f := held(t, func(hd *hold) {
			watched(hd)
			hd.witness.broken = func(agent.Seen) (bool, string) { return false, "an answer" }
		}, h)
		prepare(t, f)
		in := inject(t, f)
		refused(t, "Await", in.Await(within(t, time.Second)), "the witness saw: an answer")
		mended(t, in, h)
	})
	bubble(t, "that does not see all well keeps the fault from being undone", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, watched, h))
		f := in.(*heldFault)
		seeing := f.witness.whole
		f.witness.whole = func(agent.Seen) (bool, string) { return false, "silence" }
		refused(t, "Recover", in.Recover(within(t, time.Second)), "the witness saw: silence")
		f.witness.whole = seeing
		mended(t, in, h)
	})
	bubble(t, "that is gone is replaced", func(t *testing.T) {
		h := newHeldHost("a-1")
		in := broken(t, held(t, watched, h))
		h.mu.Lock()
		second := h.agents[1]
		h.mu.Unlock()
		second.kill()
		mended(t, in, h)
	})
	bubble(t, "that is gone while the fault sets in is seen to be", func(t *testing.T) {
		h := newHeldHost("a-1")
		f := held(t, watched, h)
		prepare(t, f)
		in := inject(t, f)
		h.mu.Lock()
		second := h.agents[1]
		h.mu.Unlock()
		second.kill()
		refused(t, "Await", in.Await(within(t, time.Second)), "no witness")
		mended(t, in, h)
	})
}

// A fault that Run may hold for as long as Validate lets it must not be let go
// of before: removal and its proof included.
func TestNoFaultOutlivesWhatHoldsIt(t *testing.T) {
	const removal = 30 * time.Second // how long Run grants it
	if longest := harness.MaxFault + removal; longest > agent.MaxTTL {
		t.Errorf("a fault may take %v, an agent lets go after %v", longest, agent.MaxTTL)
	}
}
