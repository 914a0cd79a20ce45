package fault

import (
	"context"
	"time"

	"github.com/fournines/fournines/harness"
)

// Restarter is a target that its stack can stop and start in one go.
type Restarter interface {
	Stopper
	// Restart is Stop and Start.
	Restart(ctx context.Context, grace time.Duration) error
	// Life names the present life of the main process: it is another one after
	// every start.
	Life(ctx context.Context) (string, error)
}

// keptLife is the life of a target before the fault.
const keptLife = "life"

func keepLife[T interface {
	Life(ctx context.Context) (string, error)
}](ctx context.Context, t T) (data, error) {
	life, err := t.Life(ctx)
	return data{keptLife: life}, err
}

// livesAgain reports whether the target is not in the life that was kept.
func livesAgain[T interface {
	Life(ctx context.Context) (string, error)
}](ctx context.Context, t T, kept data) (bool, error) {
	life, err := t.Life(ctx)
	return err == nil && life != kept[keptLife], err
}

func containerRestart() Kind {
	return Kind{
		Action:  "container-restart",
		Summary: "stop a replica and start it again at once, as a rollout does",
		Explain: "The engine stops each target (TERM, then KILL after the grace) and starts it again in the same container. The fault ends by itself: what is measured is how the stack gets along without the target meanwhile.",
		Method:  "the container engine restarts the container",
		Class:   ProcessDown,
		Proof:   "the container's main process has started anew",
		Undone:  "the container runs and is ready; it is started when it does not run",
		Example: "{action: container-restart, target: {component: catalog, mode: one}, at: 0s, grace: 5s}",
		Params:  []Param{graceParam()},
		bind: func(b Binding) (harness.Fault, error) {
			restarters, err := able[Restarter]("container-restart", b.Targets)
			if err != nil {
				return nil, err
			}
			grace := b.Values.Duration("grace")
			return change[Restarter]{
				action: "container-restart", targets: restarters, effect: exited, lag: killLag,
				patience: grace + stopMargin,
				verb:     "restart",
				apply:    func(ctx context.Context, t Restarter) error { return t.Restart(ctx, grace) },
				undo:     "start",
				restore:  func(ctx context.Context, t Restarter, _ data) error { return t.Start(ctx) },
				keep:     keepLife[Restarter],
				happened: livesAgain[Restarter],
			}, nil
		},
	}
}
