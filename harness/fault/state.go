package fault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
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
	// as the container engine's command; undo is empty where nothing is to be
	// done because the effect passes by itself.
	verb, undo string
	// effect is the status of a target that the fault has taken hold of.
	effect string
	// lag is how long after apply the effect may still set in.
	lag time.Duration
	// patience bounds one call of apply; 0 means applyPatience.
	patience time.Duration
	apply    func(ctx context.Context, t T) error
	restore  func(ctx context.Context, t T, kept data) error

	// holds is holdsNode or holdsReplica for a change whose targets must not be
	// brought back while it lasts; empty for others. See Holder.
	holds string

	// What follows may be nil.

	// state is the status of a target as this fault sees it; nil means its
	// Status.
	state func(ctx context.Context, t T, kept data) (string, error)
	// keep says what restore has to know of a target as it is now.
	keep func(ctx context.Context, t T) (data, error)
	// happened takes the place of effect for what passes by itself: it reports
	// whether the effect was there at any time since keep.
	happened func(ctx context.Context, t T, kept data) (bool, error)
	// proved is the effect on what lies behind all targets, restored that this
	// is over. Both return nil when it is so, and say otherwise what they saw.
	proved, restored func(ctx context.Context) error
	// command is what a person would type in place of the engine's command.
	command func(targets []T, kept []data) string
}

// data is what is known of a target as it was before the fault; it goes into
// the undo recipe.
type data = map[string]string

func (c change[T]) String() string {
	quoted := make([]string, len(c.targets))
	for i, t := range c.targets {
		quoted[i] = fmt.Sprintf("%q", t.Name())
	}
	return c.action + " " + strings.Join(quoted, ", ")
}

// Prepare implements harness.Fault: every target must be running.
func (c change[T]) Prepare(ctx context.Context) (harness.UndoRecipe, error) {
	kept, err := c.running(ctx)
	if err != nil {
		return harness.UndoRecipe{}, err
	}
	return c.recipe(c.targets, kept), nil
}

// running is an error unless every target runs: what was broken before cannot
// be brought back to what it was. It returns what is to be kept of each.
func (c change[T]) running(ctx context.Context) ([]data, error) {
	kept := make([]data, len(c.targets))
	for i, t := range c.targets {
		status, err := t.Status(ctx)
		if err != nil {
			return nil, fmt.Errorf("read status of %q: %w; nothing was touched", t.Name(), err)
		}
		if status != running {
			return nil, fmt.Errorf("want %q running, saw status %q; nothing was touched", t.Name(), status)
		}
		if c.keep == nil {
			continue
		}
		if kept[i], err = c.keep(ctx, t); err != nil {
			return nil, fmt.Errorf("read how %q is now: %w; nothing was touched", t.Name(), err)
		}
	}
	return kept, nil
}

// recipe is how targets are restored to what was kept of each.
func (c change[T]) recipe(targets []T, kept []data) harness.UndoRecipe {
	if c.undo == "" {
		return harness.UndoRecipe{Summary: fmt.Sprintf("%s: nothing, it passes by itself", c)}
	}
	var quoted, ids []string
	var steps []harness.UndoStep
	for i, t := range targets {
		quoted = append(quoted, fmt.Sprintf("%q", t.Name()))
		ids = append(ids, t.ID())
		steps = append(steps, harness.UndoStep{Op: c.undo, Target: t.Name(), ID: t.ID(), Args: c.args(t, kept[i])})
	}
	command := engineCommand(c.undo, ids)
	if c.command != nil {
		command = c.command(targets, kept)
	}
	return harness.UndoRecipe{Summary: c.undo + " " + strings.Join(quoted, ", "), Steps: steps, Command: command}
}

// Inject implements harness.Fault. Targets are hit at the same time, atOnce of
// them at most; when one cannot be, those that were are restored.
func (c change[T]) Inject(ctx context.Context) (harness.Injection, error) {
	kept, err := c.running(ctx)
	if err != nil {
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
			victims[i] = &victim[T]{target: t, kept: kept[i], life: lifeOf(open, t), hit: time.Now()}
			if err := c.hit(ctx, t); err != nil {
				return fmt.Errorf("%s %q: %w", c.verb, t.Name(), err)
			}
			return nil
		})
	}
	err = group.Wait()
	// Those that were not reached are not victims.
	in := &injection[T]{change: c, victims: slices.DeleteFunc(victims, func(v *victim[T]) bool { return v == nil })}
	if err != nil {
		return nil, errors.Join(err, in.rollBack(ctx))
	}
	return in, nil
}

func (c change[T]) hit(ctx context.Context, t T) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), max(c.patience, applyPatience))
	defer cancel()
	if err := c.hold(ctx, t, true); err != nil {
		return err
	}
	return c.apply(ctx, t)
}

// stateOf is the status of a target as the fault sees it.
func (c change[T]) stateOf(ctx context.Context, v *victim[T]) (string, error) {
	if c.state == nil {
		return v.target.Status(ctx)
	}
	return c.state(ctx, v.target, v.kept)
}

// look takes a glimpse of a target as the fault sees it.
func (c change[T]) look(ctx context.Context, v *victim[T], patience time.Duration) glimpse {
	return look(ctx, func(ctx context.Context) (string, error) { return c.stateOf(ctx, v) }, v.target.Ready, patience)
}
