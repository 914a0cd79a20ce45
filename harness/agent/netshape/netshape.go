// Package netshape shapes packets by whichever way the kernel has: netem where
// that does what is asked for, a queue in user space elsewhere.
package netshape

import (
	"context"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netem"
	"github.com/fournines/fournines/harness/agent/netqueue"
)

// Effect is the name in an agent's table.
const Effect = "net-shape"

// New makes the effect of the arguments of package netqueue, which are also
// those of package netem. "way" in the state before says which one it is.
func New(args map[string]string) (agent.Effect, error) {
	return choose(args, netem.New, netqueue.New)
}

// choose makes both effects; the first may be unable to do what args ask for.
func choose(args map[string]string, first, second func(map[string]string) (agent.Effect, error)) (agent.Effect, error) {
	kernel, err := first(args)
	if err != nil && !errors.Is(err, netem.ErrUnsupported) {
		return nil, err
	}
	queue, err := second(args)
	if err != nil {
		return nil, err
	}
	return &either{kernel: kernel, queue: queue}, nil
}

// either is one of two effects; which one Before decides.
type either struct {
	kernel agent.Effect // nil where netem cannot do it
	queue  agent.Effect
	// chosen is the one that Apply applies.
	chosen agent.Effect
}

// Before implements agent.Effect: each way asks the kernel, netem first.
func (e *either) Before(ctx context.Context) (map[string]string, error) {
	var first error
	if e.kernel != nil {
		before, err := e.kernel.Before(ctx)
		if err == nil {
			e.chosen = e.kernel
			return before, nil
		}
		if !errors.Is(err, netem.ErrUnsupported) {
			return nil, err
		}
		first = err
	}
	before, err := e.queue.Before(ctx)
	if err != nil {
		return nil, errors.Join(first, err)
	}
	e.chosen = e.queue
	return before, nil
}

// Apply implements agent.Effect.
func (e *either) Apply(ctx context.Context) error {
	if e.chosen == nil {
		return errors.New("want Before to have found a way, saw none")
	}
	return e.chosen.Apply(ctx)
}

// Seen implements agent.Effect. Before a choice it looks for both.
func (e *either) Seen(ctx context.Context) (agent.Seen, error) {
	if e.chosen != nil {
		return e.chosen.Seen(ctx)
	}
	if e.kernel != nil {
		if seen, err := e.kernel.Seen(ctx); err != nil || seen.Active {
			return seen, err
		}
	}
	return e.queue.Seen(ctx)
}

// Undo implements agent.Effect: it restores by the way that the state names,
// and by both when it names none.
func (e *either) Undo(ctx context.Context, before map[string]string) error {
	way := before["way"]
	var errs []error
	if e.kernel != nil && (way == "netem" || way == "") {
		errs = append(errs, e.kernel.Undo(ctx, before))
	}
	if way != "netem" {
		errs = append(errs, e.queue.Undo(ctx, before))
	}
	if e.kernel == nil && way == "netem" {
		errs = append(errs, fmt.Errorf("%w: want arguments that it can undo", netem.ErrUnsupported))
	}
	return errors.Join(errs...)
}
