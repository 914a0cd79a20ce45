package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
)

func nodePause() Kind {
	return Kind{
		Action:     "node-pause",
		Summary:    "freeze everything on a node at once, as when a machine hangs",
		Explain:    "All processes of every replica that is placed on the node stop being scheduled at the same time: connections stay open and nothing answers.",
		Method:     "the container engine freezes the cgroup of every container of the node",
		Class:      Frozen,
		Proof:      "every container of the node is paused and its readiness check is not answered",
		Undone:     "every container of the node is unpaused unless it was already, and is ready",
		Example:    "{action: node-pause, target: {node: b}, at: 0s, duration: 10s}",
		WholeNodes: true,
		bind: func(b Binding) (harness.Fault, error) {
			pausers, err := able[Pauser]("node-pause", b.Targets)
			if err != nil {
				return nil, err
			}
			return change[Pauser]{
				action: "node-pause", targets: pausers, effect: paused, lag: pauseLag, holds: holdsNode,
				verb:    "pause",
				apply:   func(ctx context.Context, t Pauser) error { return t.Pause(ctx) },
				undo:    "unpause",
				restore: func(ctx context.Context, t Pauser, _ data) error { return t.Unpause(ctx) },
			}, nil
		},
	}
}
