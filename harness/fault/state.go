package fault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fournines/fournines/harness"
)

const (
	// atOnce bounds how many targets are hit at the same time.
	atOnce = 16
	// applyPatience bounds one call that breaks a target. Such a call is not
	// cancelled half way: nobody would know whether it took hold.
	applyPatience = 10 * time.Second
	// undoPatience bounds the undoing of an injection that took hold of some
	// targets only.
	undoPatience = 20 * time.Second
)

// change takes targets from "running" to another status and back. It is a
// harness.Fault.
type change[T observed] struct {
	action  string
	targets []T
	// verb is what apply does, undo what restore does, as words for errors and
	// as the container engine's command.
	verb, undo string
	// effect is the status of a target that the fault has taken hold of.
	effect string
	// lag is how long after apply the effect may still set in.
	lag     time.Duration
	apply   func(ctx context.Context, t T) error
	restore func(ctx context.Context, t T) error
}

func (c change[T]) String() string {
	quoted := make([]string, len(c.targets))
	for i, t := range c.targets {
		quoted[i] = fmt.Sprintf("%q", t.Name())
	}
	return c.action + " " + strings.Join(quoted, ", ")
}

// Prepare implements harness.Fault: every target must be running.
func (c change[T]) Prepare(ctx context.Context) (harness.UndoRecipe, error) {
	if err := c.running(ctx); err != nil {
		return harness.UndoRecipe{}, err
	}
	return c.recipe(c.targets), nil
}

// running is an error unless every target runs: what was broken before cannot
// be brought back to what it was.
func (c change[T]) running(ctx context.Context) error {
	for _, t := range c.targets {
		status, err := t.Status(ctx)
		if err != nil {
			return fmt.Errorf("read status of %q: %w; nothing was touched", t.Name(), err)
		}
		if status != running {
			return fmt.Errorf("want %q running, saw status %q; nothing was touched", t.Name(), status)
		}
	}
	return nil
}

// recipe is how targets are restored.
func (c change[T]) recipe(targets []T) harness.UndoRecipe {
	var quoted, ids []string
	var steps []harness.UndoStep
	for _, t := range targets {
		quoted = append(quoted, fmt.Sprintf("%q", t.Name()))
		ids = append(ids, t.ID())
		steps = append(steps, harness.UndoStep{Op: c.undo, Target: t.Name(), ID: t.ID()})
	}
	return harness.UndoRecipe{
		Summary: c.undo + " " + strings.Join(quoted, ", "),
		Steps:   steps,
		Command: engineCommand(c.undo, ids),
	}
}

// Inject implements harness.Fault. Targets are hit at the same time, atOnce of
// them at most; when one cannot be, those that were are restored.
func (c change[T]) Inject(ctx context.Context) (harness.Injection, error) {
	if err := c.running(ctx); err != nil {
		return nil, err
	}
	victims := make([]*victim[T], len(c.targets))
	group, open := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, t := range c.targets {
		group.Go(func() error {
			if open.Err() != nil {
				return context.Cause(open)
			}
			victims[i] = &victim[T]{target: t, hit: time.Now()}
			if err := c.hit(ctx, t); err != nil {
				return fmt.Errorf("%s %q: %w", c.verb, t.Name(), err)
			}
			return nil
		})
	}
	err := group.Wait()
	// Those that were not reached are not victims.
	in := &injection[T]{change: c, victims: slices.DeleteFunc(victims, func(v *victim[T]) bool { return v == nil })}
	if err != nil {
		return nil, errors.Join(err, in.rollBack(ctx))
	}
	return in, nil
}

func (c change[T]) hit(ctx context.Context, t T) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), applyPatience)
	defer cancel()
	return c.apply(ctx, t)
}

// injection is a change in effect.
type injection[T observed] struct {
	change  change[T]
	victims []*victim[T]
}

// victim is one target that was hit.
type victim[T observed] struct {
	target T
	hit    time.Time
	// taken is set once the target was seen with the fault's effect.
	taken atomic.Bool
}

// Await implements harness.Injection: every target has been seen with the
// fault's status and without an answer to its readiness check.
func (in *injection[T]) Await(ctx context.Context) error { return in.each(ctx, in.await) }

func (in *injection[T]) await(ctx context.Context, v *victim[T]) error {
	err := poll(ctx, effectEvery, func() (bool, string) {
		g := look(ctx, v.target, effectPatience)
		if g.err == nil && g.status == in.change.effect {
			v.taken.Store(true)
		}
		return ctx.Err() == nil && g.err == nil && g.status == in.change.effect && g.unready != nil, g.String()
	})
	if err != nil {
		return fmt.Errorf("await %s %q: want status %q and not ready, %w", in.change.action, v.target.Name(), in.change.effect, err)
	}
	return nil
}

// Recover implements harness.Injection: every target is restored, all at the
// same time, until it runs and is ready.
func (in *injection[T]) Recover(ctx context.Context) error { return in.each(ctx, in.recover) }

func (in *injection[T]) recover(ctx context.Context, v *victim[T]) error {
	err := poll(ctx, readyEvery, func() (bool, string) {
		status, err := v.target.Status(ctx)
		switch {
		case err != nil:
			return false, fmt.Sprintf("no status: %v", err)
		case status == in.change.effect:
			v.taken.Store(true)
			if err := in.change.restore(ctx, v.target); err != nil {
				return false, fmt.Sprintf("status %q (%s: %v)", status, in.change.undo, err)
			}
			return false, fmt.Sprintf("status %q before %s", status, in.change.undo)
		}
		// Right after the hit a target can still look whole: the effect has
		// to be seen, or to be overdue, before the target counts as restored.
		settled := v.taken.Load() || time.Since(v.hit) >= in.change.lag
		g := look(ctx, v.target, readyPatience)
		return settled && g.err == nil && g.status == running && g.unready == nil, g.String()
	})
	if err != nil {
		return fmt.Errorf("recover %s %q: want status %q and ready, %w", in.change.action, v.target.Name(), running, err)
	}
	return nil
}

// rollBack restores what was hit so far, whatever ctx says.
func (in *injection[T]) rollBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoPatience)
	defer cancel()
	if err := in.Recover(ctx); err != nil {
		return fmt.Errorf("%w: %w; undo it by hand: %s", harness.ErrNotUndone, err, in.command())
	}
	return nil
}

// command is what a person types to restore what was hit.
func (in *injection[T]) command() string {
	var targets []T
	for _, v := range in.victims {
		targets = append(targets, v.target)
	}
	return in.change.recipe(targets).Command
}

// each calls do for all victims at the same time and joins the errors.
func (in *injection[T]) each(ctx context.Context, do func(context.Context, *victim[T]) error) error {
	errs := make([]error, len(in.victims))
	var wg sync.WaitGroup
	for i, v := range in.victims {
		wg.Go(func() { errs[i] = do(ctx, v) })
	}
	wg.Wait()
	return errors.Join(errs...)
}
