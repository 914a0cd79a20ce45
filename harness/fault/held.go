package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// Host is a target beside which an agent can run.
type Host interface {
	observed
	// Agent starts an agent (see package agent) beside the target and returns
	// the stream to it; closing that ends the agent and waits until it is gone.
	// The agent has the given capabilities ("NET_ADMIN") and no other, and
	// shares what is named: "net" and "pid" are the target's namespaces,
	// "volumes" its volumes, "cgroup" the folders of its control group under
	// /cgroup; with "user" it runs as the target's user and not as root.
	Agent(ctx context.Context, capabilities, shares []string) (io.ReadWriteCloser, error)
}

// leaseSlack is how much longer than the fault an agent holds it when nobody
// tells it to stop: the time that removing may take.
const leaseSlack = 30 * time.Second

// hold describes a fault that agents hold under a lease.
type hold struct {
	action               string
	capabilities, shares []string
	// spec is what the agent beside a target is to do. It is asked when the
	// fault is prepared: addresses can change before.
	spec func(ctx context.Context, t Host) (agent.Spec, error)
	// effective looks from outside the agent whether the fault is in effect;
	// seen is what the kernel shows inside. It is asked again and again.
	effective func(ctx context.Context, t Host, seen agent.Seen) (bool, string)
	// removed looks from outside whether the target is as before, once its
	// agent has ended; nil means that the target runs and is ready.
	removed func(ctx context.Context, t Host) (bool, string)
	// witness looks at the path from another agent; nil means that effective
	// and removed say enough.
	witness *witness
	// proof takes the place of effective and removed where more than one look
	// is needed: it makes what looks at one target. It may be nil.
	proof func(t Host) proof
	// beside is where the agents are; nil means beside the targets.
	beside []Host
	// account says what an agent did, by what it saw last, and in what it fell
	// short. It may be nil.
	account func(t Host, before map[string]string, seen agent.Seen) (did, shortfall string)
	// byHand is what a person types to restore before where an agent was killed
	// before it could. Nil means that whatever an agent does goes with it.
	byHand byHand
	// restarts is true when the fault may end its targets, which are Starters
	// then: they are started again.
	restarts bool
}

// whole reports whether a target runs and is ready, and starts it where the
// fault may have ended it.
func (h hold) whole(ctx context.Context, t Host) (bool, string) {
	ok, saw := asBefore(ctx, t)
	if s, can := t.(Starter); can && h.restarts && !ok {
		if status, err := t.Status(ctx); err == nil && status == exited {
			if err := s.Start(ctx); err != nil {
				return false, fmt.Sprintf("%s (start: %v)", saw, err)
			}
		}
	}
	return ok, saw
}

// bind makes the fault.
func (h hold) bind(b Binding) (harness.Fault, error) {
	hosts, err := able[Host](h.action, b.Targets)
	if err != nil {
		return nil, err
	}
	f := &heldFault{hold: h, ttl: b.Lasts + leaseSlack}
	for _, t := range hosts {
		f.names = append(f.names, fmt.Sprintf("%q", t.Name()))
	}
	if h.beside != nil {
		hosts = h.beside
	}
	for _, t := range hosts {
		g := &grip{target: t, proof: plainProof{h, t}}
		if h.proof != nil {
			g.proof = h.proof(t)
		}
		f.grips = append(f.grips, g)
	}
	return f, nil
}

// heldFault is a harness.Fault, and its Injection once it is in effect.
type heldFault struct {
	hold
	ttl   time.Duration
	grips []*grip
	// names are those of the targets, quoted.
	names []string
	// keep keeps the end of Prepare's context from ending the agents.
	keep func() bool
}

// Foreseer is a fault that needs agents to be prepared. What it would do can be
// said without them, for those who only look.
type Foreseer interface {
	Foresee() (harness.UndoRecipe, error)
}

var _ Foreseer = (*heldFault)(nil)

// grip is the agent beside one target.
type grip struct {
	target Host
	client *agent.Client
	spec   agent.Spec
	before map[string]string
	// watcher is the witness of the target; nil when there is none any more.
	watcher *watcher
	proof   proof
	// proved is what was seen from outside when the effect was proved.
	proved string
	// last is what the agent saw before it undid the fault.
	last agent.Seen
	// gone is set once the agent undid the fault.
	gone bool
}

func (f *heldFault) String() string {
	return f.action + " " + strings.Join(f.names, ", ")
}

// Inject implements harness.Fault.
func (f *heldFault) Inject(ctx context.Context) (harness.Injection, error) {
	for _, g := range f.grips {
		if g.client == nil {
			return nil, fmt.Errorf("inject %s: it was not prepared; nothing was touched", f)
		}
	}
	if f.keep != nil && !f.keep() {
		return nil, fmt.Errorf("inject %s: %w; nothing was touched", f, context.Canceled)
	}
	err := f.each(ctx, func(ctx context.Context, g *grip) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), applyPatience)
		defer cancel()
		if err := g.client.Apply(ctx, f.ttl); err != nil {
			return fmt.Errorf("%s %q: %w", f.action, g.target.Name(), err)
		}
		return nil
	})
	if err == nil {
		return f, nil
	}
	undoing, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoPatience)
	defer cancel()
	if undone := f.Recover(undoing); undone != nil {
		return nil, errors.Join(err, fmt.Errorf("%w: %w", harness.ErrNotUndone, undone))
	}
	return nil, err
}

// Await implements harness.Injection.
func (f *heldFault) Await(ctx context.Context) error {
	return f.each(ctx, func(ctx context.Context, g *grip) error {
		err := poll(ctx, effectEvery, func() (bool, string) {
			if ok, saw := g.watcher.isBroken(ctx); !ok {
				return false, saw
			}
			seen, err := g.client.Seen(ctx)
			if err != nil {
				return false, err.Error()
			}
			if !seen.Active {
				return false, "the agent does not see it in effect: " + seen.Detail
			}
			ok, saw := g.proof.effective(ctx, seen)
			g.proved = saw
			return ok, saw
		})
		if err != nil {
			return fmt.Errorf("await %s %q: %w", f.action, g.target.Name(), err)
		}
		return nil
	})
}

// Recover implements harness.Injection. Where an agent is gone, killed perhaps
// before it could undo anything, another one restores what it left.
func (f *heldFault) Recover(ctx context.Context) error {
	return f.each(ctx, func(ctx context.Context, g *grip) error {
		if err := f.letGo(ctx, g); err != nil {
			return fmt.Errorf("recover %s %q: %w", f.action, g.target.Name(), err)
		}
		err := poll(ctx, readyEvery, func() (bool, string) {
			if f.removed == nil && f.ended(ctx, g.target) {
				return true, ""
			}
			return g.proof.removed(ctx)
		})
		if err == nil {
			err = errors.Join(f.awaitWhole(ctx, g), g.proof.end())
		}
		if err != nil {
			return fmt.Errorf("recover %s %q: %w", f.action, g.target.Name(), err)
		}
		return nil
	})
}

// asBefore reports whether a target runs and is ready.
func asBefore(ctx context.Context, t observed) (bool, string) {
	g := look(ctx, t.Status, t.Ready, readyPatience)
	return g.err == nil && g.status == running && g.unready == nil, g.String()
}

// ended reports whether the target does not run, and took what was in its
// namespaces along. What it shares beyond them stays.
func (f *heldFault) ended(ctx context.Context, t observed) bool {
	status, err := t.Status(ctx)
	return err == nil && status == exited && !f.onVolumes()
}

// onVolumes reports whether the fault is in the targets' volumes, which outlive
// their processes.
func (h hold) onVolumes() bool { return slices.Contains(h.shares, "volumes") }

// each calls do for every grip at the same time and joins the errors.
func (f *heldFault) each(ctx context.Context, do func(context.Context, *grip) error) error {
	errs := make([]error, len(f.grips))
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, g := range f.grips {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			errs[i] = do(ctx, g)
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
