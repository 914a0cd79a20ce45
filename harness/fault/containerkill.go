package fault

import (
	"context"
	"time"

	"github.com/fournines/fournines/harness"
)

// Killer is a target whose main process can be killed and started again.
type Killer interface {
	observed
	// Kill sends a signal ("KILL", "TERM") to the main process.
	Kill(ctx context.Context, signal string) error
	// Start starts the target again; nothing happens when it runs.
	Start(ctx context.Context) error
}

const (
	// killLag is how long a killed process may stay visible.
	killLag = 2 * time.Second
	// stopLag is how long a process may take to obey another signal: the grace
	// that container engines customarily give.
	stopLag = 10 * time.Second
)

func containerKill() Kind {
	return Kind{
		Action:  "container-kill",
		Summary: "end a replica's main process with a signal",
		Explain: "The main process of each target gets the signal, at once and without a drain when it is KILL.",
		Method:  "the container engine sends the signal to the container's first process",
		Class:   ProcessDown,
		Proof:   "the container has exited and its readiness check is refused",
		Undone:  "the container is started again unless something else did so already, and is ready",
		Example: "{action: container-kill, target: {component: catalog, mode: one}, at: 0s, signal: KILL}",
		Params:  []Param{word("signal", "KILL", "what to send: KILL ends it at once, TERM lets it drain", "KILL", "TERM")},
		bind: func(b Binding) (harness.Fault, error) {
			killers, err := able[Killer]("container-kill", b.Targets)
			if err != nil {
				return nil, err
			}
			signal, lag := b.Values["signal"], killLag
			if signal != "KILL" {
				lag = stopLag
			}
			return change[Killer]{
				action: "container-kill", targets: killers, effect: exited, lag: lag,
				verb:    "kill",
				apply:   func(ctx context.Context, t Killer) error { return t.Kill(ctx, signal) },
				undo:    "start",
				restore: func(ctx context.Context, t Killer, _ data) error { return t.Start(ctx) },
			}, nil
		},
	}
}
