package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
)

// Reloader is a target that takes its configuration anew while it serves.
type Reloader interface {
	observed
	// Generation names the process that serves now: another one after every
	// reload.
	Generation(ctx context.Context) (string, error)
	// Reload starts another process that serves from then on.
	Reload(ctx context.Context) error
}

// keptGeneration is the process that served before the fault.
const keptGeneration = "generation"

func edgeReload() Kind {
	return Kind{
		Action:  "edge-reload",
		Summary: "reload the configuration of a load balancer under load",
		Explain: "Each target is made to read its configuration again: a new process takes over the listening sockets and the servers' states, and the old one ends once the requests that it has are answered. It is what every change of a configuration does, and should cost nothing. The fault passes by itself.",
		Method:  "HAProxy's master process gets SIGUSR2, nginx's SIGHUP",
		Class:   App,
		Proof:   "HAProxy's statistics come from another process than before; nginx has other workers",
		Undone:  "nothing is to be undone; the target runs and is ready",
		Example: "{action: edge-reload, target: {component: edge, mode: all}, at: 0s}",
		bind: func(b Binding) (harness.Fault, error) {
			all, err := able[Reloader]("edge-reload", b.Targets)
			if err != nil {
				return nil, err
			}
			return change[Reloader]{
				action: "edge-reload", targets: all, effect: "reloading", lag: killLag,
				verb:    "reload",
				apply:   func(ctx context.Context, t Reloader) error { return t.Reload(ctx) },
				restore: func(context.Context, Reloader, data) error { return nil }, // it is whole by itself
				keep: func(ctx context.Context, t Reloader) (data, error) {
					now, err := t.Generation(ctx)
					return data{keptGeneration: now}, err
				},
				happened: func(ctx context.Context, t Reloader, kept data) (bool, error) {
					now, err := t.Generation(ctx)
					return err == nil && now != kept[keptGeneration], err
				},
			}, nil
		},
	}
}
