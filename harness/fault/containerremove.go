package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
)

// Remover is a target that can be removed and made again as it was.
type Remover interface {
	observed
	// Blueprint is everything that Recreate needs, as data.
	Blueprint(ctx context.Context) (map[string]string, error)
	// Remove ends the target at once and removes it. Volumes stay. Nothing
	// happens when there is none.
	Remove(ctx context.Context) error
	// Recreate makes and starts the target as it was: under the same name,
	// with the same configuration, ports, labels, networks and volumes. What is
	// there already is started. The target's ID may be another one afterwards.
	Recreate(ctx context.Context, blueprint map[string]string) error
	// Exists reports whether there is such a target, running or not.
	Exists(ctx context.Context) (bool, error)
}

// removed is the status of a target that does not exist.
const removed = "removed"

func containerRemove() Kind {
	return Kind{
		Action:  "container-remove",
		Summary: "remove a replica's container; it is made again as it was",
		Explain: "Each target is killed and its container removed with everything that was written into it. Named and anonymous volumes stay. Before that its whole configuration is written down: what was given at its creation, its host settings, and its networks with their aliases.",
		Method:  "the container engine kills and removes the container",
		Class:   ProcessDown,
		Proof:   "the engine knows no such container any more and the readiness check is refused",
		Undone:  "the container is made again under the same name with the same image, configuration, ports, labels, volumes and aliases, which is compared, and is ready; its ID is another one",
		Example: "{action: container-remove, target: {component: gateway, mode: one}, at: 0s}",
		bind: func(b Binding) (harness.Fault, error) {
			removers, err := able[Remover]("container-remove", b.Targets)
			if err != nil {
				return nil, err
			}
			return change[Remover]{
				action: "container-remove", targets: removers, effect: removed, lag: killLag,
				verb:    "remove",
				apply:   func(ctx context.Context, t Remover) error { return t.Remove(ctx) },
				undo:    "recreate",
				restore: func(ctx context.Context, t Remover, kept data) error { return t.Recreate(ctx, kept) },
				keep:    func(ctx context.Context, t Remover) (data, error) { return t.Blueprint(ctx) },
				state: func(ctx context.Context, t Remover, _ data) (string, error) {
					exists, err := t.Exists(ctx)
					if err != nil {
						return "", err
					}
					if !exists {
						return removed, nil
					}
					// One that was made and not started is not whole yet.
					if status, err := t.Status(ctx); err != nil || status != exited {
						return status, err
					}
					return removed, nil
				},
				command: byHeal[Remover],
			}, nil
		},
	}
}

// byHeal is the command for what takes more than one call to undo.
func byHeal[T any]([]T, []data) string { return "fournines heal" }
