package fault

import (
	"context"
	"fmt"
	"time"
)

const (
	// effectEvery and readyEvery are the pauses between two looks at a target
	// that goes and at one that comes back.
	effectEvery = 5 * time.Millisecond
	readyEvery  = 20 * time.Millisecond
	// effectPatience is how long a readiness check may hang before the target
	// counts as not answering. It bounds how late the proof of a hang is.
	effectPatience = 100 * time.Millisecond
	// readyPatience bounds one readiness check of a target that comes back.
	readyPatience = 2 * time.Second
)

// Replica states as a stack reports them.
const (
	running = "running"
	paused  = "paused"
	exited  = "exited"
)

// observed is what can be seen of a target without changing it.
type observed interface {
	Target
	// Status is "running", "paused" or "exited".
	Status(ctx context.Context) (string, error)
	// Ready returns nil when the target answers its readiness check through a
	// fresh connection.
	Ready(ctx context.Context) error
}

// poll calls look, with a pause after each call, until it reports done or ctx
// ends; then the error holds what look saw last before that.
func poll(ctx context.Context, pause time.Duration, look func() (done bool, saw string)) error {
	var saw string
	for {
		done, now := look()
		if done {
			return nil
		}
		if saw == "" || ctx.Err() == nil {
			saw = now
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("saw %s: %w", saw, context.Cause(ctx))
		case <-time.After(pause):
		}
	}
}

// glimpse is one look at a target from outside.
type glimpse struct {
	status string
	// unready is why the target does not answer; nil when it does.
	unready error
	err     error
}

func (g glimpse) String() string {
	ready := "ready"
	if g.unready != nil {
		ready = "not ready"
	}
	if g.err != nil {
		return g.err.Error()
	}
	return fmt.Sprintf("status %q and %s", g.status, ready)
}

// look takes a glimpse; a readiness check that hangs for longer than patience
// has not been answered.
func look(ctx context.Context, state func(context.Context) (string, error), ready func(context.Context) error, patience time.Duration) glimpse {
	status, err := state(ctx)
	if err != nil {
		return glimpse{err: fmt.Errorf("read status: %w", err)}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return glimpse{status: status, unready: ready(ctx)}
}
