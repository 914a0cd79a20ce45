package fault

import (
	"context"
	"time"

	"github.com/fournines/fournines/harness"
)

// Stopper is a target that its stack can stop in an orderly way.
type Stopper interface {
	observed
	// Stop sends TERM to the main process, and KILL when it still runs after
	// the grace. It returns when the target has ended.
	Stop(ctx context.Context, grace time.Duration) error
	// Start starts the target again; nothing happens when it runs.
	Start(ctx context.Context) error
}

const (
	// mostGrace bounds the time in which an injection waits for a target to
	// end: the trial is not looked at meanwhile.
	mostGrace = 10 * time.Second
	// stopMargin is how long the engine may take beyond the grace.
	stopMargin = 10 * time.Second
)

func graceParam() Param {
	return span("grace", 5*time.Second, 0, mostGrace, "how long the process may take to end after TERM before it is killed; injecting lasts as long as it does")
}

func containerStop() Kind {
	return Kind{
		Action:  "container-stop",
		Summary: "stop a replica as an operator does: TERM, a grace, then KILL",
		Explain: "The engine sends TERM to the main process of each target and KILL when it still runs after the grace. A program that handles TERM says goodbye to its registry and finishes what it has begun.",
		Method:  "the container engine stops the container",
		Class:   ProcessDown,
		Proof:   "the container has exited and its readiness check is refused",
		Undone:  "the container is started again unless something else did so already, and is ready",
		Example: "{action: container-stop, target: {component: gateway, mode: one}, at: 0s, grace: 5s}",
		Params:  []Param{graceParam()},
		bind: func(b Binding) (harness.Fault, error) {
			stoppers, err := able[Stopper]("container-stop", b.Targets)
			if err != nil {
				return nil, err
			}
			grace := b.Values.Duration("grace")
			return change[Stopper]{
				action: "container-stop", targets: stoppers, effect: exited, lag: killLag,
				patience: grace + stopMargin,
				verb:     "stop",
				apply:    func(ctx context.Context, t Stopper) error { return t.Stop(ctx, grace) },
				undo:     "start",
				restore:  func(ctx context.Context, t Stopper, _ data) error { return t.Start(ctx) },
			}, nil
		},
	}
}
