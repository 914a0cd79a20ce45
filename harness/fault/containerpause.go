package fault

import (
	"context"
	"time"

	"github.com/fournines/fournines/harness"
)

// Pauser is a target whose processes can be frozen.
type Pauser interface {
	observed
	// Pause freezes all processes; Unpause lets them go on. Both do nothing
	// when that is so already.
	Pause(ctx context.Context) error
	Unpause(ctx context.Context) error
}

// pauseLag is how long after the call a target may take to be frozen.
const pauseLag = time.Second

func containerPause() Kind {
	return Kind{
		Action:  "container-pause",
		Summary: "freeze all of a replica's processes",
		Explain: "All processes of each target stop being scheduled: connections stay open and nothing answers, as with a hung process or host.",
		Method:  "the container engine freezes the container's cgroup",
		Class:   Frozen,
		Proof:   "the container is paused and its readiness check is not answered",
		Undone:  "the container is unpaused unless it was already, and is ready",
		Example: "{action: container-pause, target: {component: catalog, mode: one}, at: 0s, duration: 10s}",
		bind: func(b Binding) (harness.Fault, error) {
			pausers, err := able[Pauser]("container-pause", b.Targets)
			if err != nil {
				return nil, err
			}
			return freeze("container-pause", pausers), nil
		},
	}
}

// freeze pauses targets as the named action.
func freeze(action string, pausers []Pauser) change[Pauser] {
	return change[Pauser]{
		action: action, targets: pausers, effect: paused, lag: pauseLag,
		verb:    "pause",
		apply:   func(ctx context.Context, t Pauser) error { return t.Pause(ctx) },
		undo:    "unpause",
		restore: func(ctx context.Context, t Pauser, _ data) error { return t.Unpause(ctx) },
	}
}
