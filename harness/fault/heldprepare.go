package fault

import (
	"context"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// Prepare implements harness.Fault: it starts an agent beside each target and
// asks it for the state before. The agents hold nothing yet, and end when ctx
// does or Inject does not come soon.
func (f *heldFault) Prepare(ctx context.Context) (harness.UndoRecipe, error) {
	if err := f.each(ctx, f.prepare); err != nil {
		return harness.UndoRecipe{}, errors.Join(err, f.release())
	}
	f.keep = context.AfterFunc(ctx, func() { _ = f.release() }) // an agent that is not reached ends by itself
	return f.recipe()
}

func (f *heldFault) prepare(ctx context.Context, g *grip) (err error) {
	status, err := g.target.Status(ctx)
	if err != nil {
		return fmt.Errorf("read status of %q: %w; nothing was touched", g.target.Name(), err)
	}
	if status != running {
		return fmt.Errorf("want %q running, saw status %q; nothing was touched", g.target.Name(), status)
	}
	if g.spec, err = f.spec(ctx, g.target); err != nil {
		return fmt.Errorf("%s %q: %w", f.action, g.target.Name(), err)
	}
	link, err := g.target.Agent(ctx, f.capabilities, f.shares)
	if err != nil {
		return fmt.Errorf("start an agent beside %q: %w", g.target.Name(), err)
	}
	g.client, g.gone = agent.Dial(link), false
	if g.before, err = g.client.Prepare(ctx, g.spec); err != nil {
		return fmt.Errorf("%s %q: %w", f.action, g.target.Name(), err)
	}
	if g.watcher, err = f.watch(ctx, g.target); err != nil {
		return fmt.Errorf("%s %q: %w; nothing was touched", f.action, g.target.Name(), err)
	}
	ctx, cancel := context.WithTimeout(ctx, wholePatience)
	defer cancel()
	if err := poll(ctx, readyEvery, func() (bool, string) { return g.watcher.isWhole(ctx) }); err != nil {
		return fmt.Errorf("%s %q: want to see that all is well before, %w; nothing was touched", f.action, g.target.Name(), err)
	}
	if err := g.proof.begin(ctx, g.spec, g.before); err != nil {
		return fmt.Errorf("%s %q: look at it before: %w; nothing was touched", f.action, g.target.Name(), err)
	}
	return nil
}

// release ends agents that hold nothing.
func (f *heldFault) release() error {
	return f.each(context.Background(), func(_ context.Context, g *grip) error {
		err := errors.Join(g.watcher.end(), g.proof.end())
		if g.client == nil || g.gone {
			return err
		}
		return errors.Join(err, g.client.Close())
	})
}
