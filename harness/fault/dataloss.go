package fault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
)

// restorePatience is how long a target that lost its data may take to restore
// itself before the copy that was kept is put back.
const restorePatience = 30 * time.Second

func dataLoss() Kind {
	return Kind{
		Action:      "data-loss",
		Summary:     "kill the database and take its data directory away; it starts without",
		Explain:     "The database's main process is killed, and its data directory is gone before it starts again, as with a new disk. What it holds afterwards can only come from its backup. The directory is kept out of its sight as long as the fault lasts.",
		Method:      "the container engine kills the container; an agent with its volumes, as its user, moves the directory out of sight; the engine starts the container",
		Class:       Exclusive,
		Proof:       "the container has exited, and another agent sees no such directory before it starts",
		Undone:      "what was kept is removed once the database has restored itself and is ready; a database that has not within 30s gets its directory back",
		Example:     "{action: data-loss, target: {component: db}, at: 0s, duration: 20s}",
		DefaultMode: harness.All,
		Params:      []Param{directoryParam()},
		bind: func(b Binding) (harness.Fault, error) {
			if err := ofComponent("data-loss", databaseComponent, b.Targets); err != nil {
				return nil, err
			}
			killers, err := able[Killer]("data-loss", b.Targets)
			if err != nil {
				return nil, err
			}
			h := chosen{
				action: "data-loss", effectName: "file-hide", args: map[string]string{"path": b.Values["path"]},
				// Await comes when the target may have restored itself: the
				// directory was seen to be gone before it started.
				effect: isMissing, gone: isBack,
			}.hold()
			h.restarts = true
			held, err := h.bind(b)
			if err != nil {
				return nil, err
			}
			return &lostData{heldFault: held.(*heldFault), killers: killers}, nil
		},
	}
}

// directoryParam is the database's data directory.
func directoryParam() Param {
	p := pathParam("/data/cluster", "the data directory")
	p.Default, p.Required = "/data/cluster", false
	return p
}

// lostData is a hold on the data directories of targets that are killed before
// and started after. It is its own Injection.
type lostData struct {
	*heldFault
	killers []Killer
}

// Inject implements harness.Fault: when it returns, every target was seen to
// have ended, its directory not to be there, and it has been told to start.
func (f *lostData) Inject(ctx context.Context) (harness.Injection, error) {
	whole := context.WithoutCancel(ctx)
	err := f.all(whole, func(ctx context.Context, t Killer) error { return kill(ctx, t) })
	if err != nil {
		return nil, errors.Join(err, f.startAll(whole))
	}
	if _, err := f.heldFault.Inject(ctx); err != nil { // it has undone itself
		return nil, errors.Join(err, f.startAll(whole))
	}
	seeing, cancel := context.WithTimeout(whole, applyPatience)
	defer cancel()
	err = f.each(seeing, func(ctx context.Context, g *grip) error {
		return poll(ctx, effectEvery, func() (bool, string) {
			seen, err := g.client.Seen(ctx)
			if err != nil {
				return false, err.Error()
			}
			return g.proof.effective(ctx, seen)
		})
	})
	if err != nil {
		err = fmt.Errorf("inject %s: want to see that the directory is gone: %w", f, err)
		if undone := f.Recover(whole); undone != nil {
			err = errors.Join(err, fmt.Errorf("%w: %w", harness.ErrNotUndone, undone))
		}
		return nil, err
	}
	if err := f.startAll(whole); err != nil {
		return nil, errors.Join(err, f.Recover(whole))
	}
	return f, nil
}

// Await implements harness.Injection: what is to be seen from outside was seen
// before the targets started. What the agent keeps shows that it lasts.
func (f *lostData) Await(ctx context.Context) error {
	return f.each(ctx, func(ctx context.Context, g *grip) error {
		return poll(ctx, effectEvery, func() (bool, string) {
			seen, err := g.client.Seen(ctx)
			if err != nil {
				return false, err.Error()
			}
			return seen.Active, seen.Detail
		})
	})
}

// Recover implements harness.Injection. A target that has not restored itself
// in time is stopped, so that it gets its directory back whole.
func (f *lostData) Recover(ctx context.Context) error {
	waiting, cancel := context.WithTimeout(ctx, restorePatience)
	defer cancel()
	err := f.all(waiting, func(ctx context.Context, t Killer) error {
		return poll(ctx, readyEvery, func() (bool, string) { return asBefore(ctx, t) })
	})
	if err != nil {
		err := f.all(ctx, func(ctx context.Context, t Killer) error { return kill(ctx, t) })
		if err != nil {
			return err
		}
	}
	if err := f.heldFault.Recover(ctx); err != nil {
		return err
	}
	if err := f.startAll(ctx); err != nil {
		return err
	}
	return f.all(ctx, func(ctx context.Context, t Killer) error {
		return poll(ctx, readyEvery, func() (bool, string) { return asBefore(ctx, t) })
	})
}

func (f *lostData) startAll(ctx context.Context) error {
	return f.all(ctx, func(ctx context.Context, t Killer) error { return t.Start(ctx) })
}

// all calls do for every target in turn: there is seldom more than one.
func (f *lostData) all(ctx context.Context, do func(context.Context, Killer) error) error {
	var errs []error
	for _, t := range f.killers {
		if err := do(ctx, t); err != nil {
			errs = append(errs, fmt.Errorf("%s %q: %w", f.action, t.Name(), err))
		}
	}
	return errors.Join(errs...)
}

// kill ends a target and waits until it has.
func kill(ctx context.Context, t Killer) error {
	ctx, cancel := context.WithTimeout(ctx, applyPatience)
	defer cancel()
	if err := t.Kill(ctx, "KILL"); err != nil {
		return err
	}
	return poll(ctx, effectEvery, func() (bool, string) {
		status, err := t.Status(ctx)
		if err != nil {
			return false, err.Error()
		}
		return status == exited, fmt.Sprintf("status %q", status)
	})
}
