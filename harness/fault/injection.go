package fault

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/harness"
)

// injection is a change in effect.
type injection[T observed] struct {
	change  change[T]
	victims []*victim[T]
}

// victim is one target that was hit.
type victim[T observed] struct {
	target T
	kept   data
	// life is the one that the target was hit in; empty where nobody can tell.
	life string
	hit  time.Time
	// taken is set once the target was seen with the fault's effect.
	taken atomic.Bool
}

// Await implements harness.Injection: every target has been seen with the
// fault's status and without an answer to its readiness check, or to have
// passed through the effect: its platform may have started it again already.
func (in *injection[T]) Await(ctx context.Context) error {
	if err := in.each(ctx, in.await); err != nil || in.change.proved == nil {
		return err
	}
	return in.prove(ctx, effectEvery, "await", in.change.proved)
}

func (in *injection[T]) await(ctx context.Context, v *victim[T]) error {
	if in.change.happened != nil {
		return in.awaitHappened(ctx, v)
	}
	err := poll(ctx, effectEvery, func() (bool, string) {
		if in.change.reborn(ctx, v) {
			v.taken.Store(true)
			return ctx.Err() == nil, "it was started again"
		}
		g := in.change.look(ctx, v, effectPatience)
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

// awaitHappened waits until the effect was there, however short.
func (in *injection[T]) awaitHappened(ctx context.Context, v *victim[T]) error {
	err := poll(ctx, effectEvery, func() (bool, string) { return in.happened(ctx, v) })
	if err != nil {
		return fmt.Errorf("await %s %q: want to see that it happened, %w", in.change.action, v.target.Name(), err)
	}
	return nil
}

func (in *injection[T]) happened(ctx context.Context, v *victim[T]) (bool, string) {
	did, err := in.change.happened(ctx, v.target, v.kept)
	if err != nil {
		return false, err.Error()
	}
	if did {
		v.taken.Store(true)
	}
	return did && ctx.Err() == nil, "no trace of it"
}

// prove waits until what lies behind the targets is as wanted.
func (in *injection[T]) prove(ctx context.Context, pause time.Duration, doing string, wanted func(context.Context) error) error {
	err := poll(ctx, pause, func() (bool, string) {
		if err := wanted(ctx); err != nil {
			return false, err.Error()
		}
		return ctx.Err() == nil, "it is so"
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", doing, in.change, err)
	}
	return nil
}

// Recover implements harness.Injection: every target is restored, all at the
// same time, until it runs and is ready.
func (in *injection[T]) Recover(ctx context.Context) error {
	if err := in.each(ctx, in.recover); err != nil || in.change.restored == nil {
		return err
	}
	return in.prove(ctx, readyEvery, "recover", in.change.restored)
}

func (in *injection[T]) recover(ctx context.Context, v *victim[T]) error {
	err := poll(ctx, readyEvery, func() (bool, string) {
		if err := in.change.hold(ctx, v.target, false); err != nil {
			return false, err.Error()
		}
		status, err := in.change.stateOf(ctx, v)
		switch {
		case err != nil:
			return false, fmt.Sprintf("no status: %v", err)
		case status == in.change.effect:
			v.taken.Store(true)
			if err := in.change.restore(ctx, v.target, v.kept); err != nil {
				return false, fmt.Sprintf("status %q (%s: %v)", status, in.change.undo, err)
			}
			return false, fmt.Sprintf("status %q before %s", status, in.change.undo)
		}
		if in.change.happened != nil && !v.taken.Load() {
			in.happened(ctx, v)
		}
		// Right after the hit a target can still look whole: the effect has
		// to be seen, or to be overdue, before the target counts as restored.
		settled := v.taken.Load() || time.Since(v.hit) >= in.change.lag
		g := in.change.look(ctx, v, readyPatience)
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
	var kept []data
	for _, v := range in.victims {
		targets, kept = append(targets, v.target), append(kept, v.kept)
	}
	return in.change.recipe(targets, kept).Command
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
