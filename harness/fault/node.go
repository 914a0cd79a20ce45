package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
)

// The faults of a node hit everything that is placed on it at the same time.

// stopAll kills, and starts what nobody has started since.
func stopAll(action, holds string) func(Binding) (harness.Fault, error) {
	return func(b Binding) (harness.Fault, error) {
		killers, err := able[Killer](action, b.Targets)
		if err != nil {
			return nil, err
		}
		return change[Killer]{
			action: action, targets: killers, effect: exited, lag: killLag, holds: holds,
			verb:    "kill",
			apply:   func(ctx context.Context, t Killer) error { return t.Kill(ctx, "KILL") },
			undo:    "start",
			restore: func(ctx context.Context, t Killer, _ data) error { return t.Start(ctx) },
		}, nil
	}
}
