package fault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// wholePatience is how long a witness may take to see that all is well before
// the fault: a busy machine answers late.
const wholePatience = 5 * time.Second

// witness describes another agent that looks at the path from outside the one
// that holds the fault: it sees that all is well before, that it is not while
// the fault is in effect, and that it is again.
type witness struct {
	capabilities []string
	// post is beside whom the witness of a target stands and what it does; nil
	// means that this target needs none.
	post func(ctx context.Context, t Host) (Host, *agent.Spec, error)
	// whole reports whether what it sees is as without the fault, broken
	// whether it is as with it.
	whole, broken func(seen agent.Seen) (bool, string)
}

// watcher is one witness at work; nil sees that all is as wanted.
type watcher struct {
	client *agent.Client
	*witness
}

// watch posts the witness of a target. It holds nothing, but has a lease as
// every agent.
func (f *heldFault) watch(ctx context.Context, t Host) (_ *watcher, err error) {
	if f.witness == nil {
		return nil, nil
	}
	beside, spec, err := f.witness.post(ctx, t)
	if err != nil || spec == nil {
		return nil, err
	}
	link, err := beside.Agent(ctx, f.witness.capabilities, []string{"net"})
	if err != nil {
		return nil, fmt.Errorf("start a witness beside %q: %w", beside.Name(), err)
	}
	w := &watcher{agent.Dial(link), f.witness}
	if _, err = w.client.Prepare(ctx, *spec); err == nil {
		err = w.client.Apply(ctx, f.ttl)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("witness beside %q: %w", beside.Name(), err), w.end())
	}
	return w, nil
}

// sees asks the witness and holds its answer against what is wanted of it.
func (w *watcher) sees(ctx context.Context, wanted func(agent.Seen) (bool, string)) (bool, string) {
	if w == nil {
		return true, ""
	}
	seen, err := w.client.Seen(ctx)
	if err != nil {
		return false, "no witness: " + err.Error()
	}
	ok, saw := wanted(seen)
	return ok, "the witness saw: " + saw
}

// isWhole and isBroken ask the witness.
func (w *watcher) isWhole(ctx context.Context) (bool, string) {
	if w == nil {
		return true, ""
	}
	return w.sees(ctx, w.whole)
}

func (w *watcher) isBroken(ctx context.Context) (bool, string) {
	if w == nil {
		return true, ""
	}
	return w.sees(ctx, w.broken)
}

// end lets the witness go.
func (w *watcher) end() error {
	if w == nil {
		return nil
	}
	return w.client.Close()
}

// awaitWhole returns nil once the target's witness sees that all is well. One
// that does not see it may stand where the target was before it started again:
// then a fresh one is asked.
func (f *heldFault) awaitWhole(ctx context.Context, g *grip) error {
	if g.watcher == nil {
		return nil
	}
	if f.ended(ctx, g.target) { // nothing is left to look at
		_ = g.watcher.end()
		g.watcher = nil
		return nil
	}
	if ok, _ := g.watcher.isWhole(ctx); !ok {
		fresh, err := f.watch(ctx, g.target)
		if err != nil {
			return err
		}
		_ = g.watcher.end() // it holds nothing
		g.watcher = fresh
	}
	if err := poll(ctx, readyEvery, func() (bool, string) { return g.watcher.isWhole(ctx) }); err != nil {
		return err
	}
	_ = g.watcher.end()
	g.watcher = nil
	return nil
}
