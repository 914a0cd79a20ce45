package fault

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/proc"
)

// Mortal is a target whose processes can be killed behind the engine's back.
type Mortal interface {
	Host
	// Start starts the target again; nothing happens when it runs.
	Start(ctx context.Context) error
	// Life names the present life of the main process: it is another one after
	// every start.
	Life(ctx context.Context) (string, error)
}

// endsWithin is how long processes of a name may take to end.
const endsWithin = 8 * time.Second

func processKill() Kind {
	return Kind{
		Action:  "process-kill",
		Summary: "send a signal to a replica's process as the kernel would, not the engine",
		Explain: "The main process of each target, or those of a name, get the signal. The engine has no part in it: a restart policy acts as it does after a crash, which it never does after container-kill. Without one a container whose main process ended stays down until the fault ends.",
		Method:  "an agent in the engine's process namespace, with the capability KILL alone, signals processes of the target's control group",
		Class:   ProcessDown,
		Proof:   "of a main process: the container has exited, or runs a new one; of others: the kernel lists none of them any more",
		Undone:  "the container is started unless it runs already, and is ready",
		Example: "{action: process-kill, target: {component: catalog, mode: one}, at: 0s, signal: KILL}",
		Params: []Param{
			word("signal", "KILL", "what to send; only KILL cannot be ignored", proc.Signals()...),
			processParam(),
		},
		bind: func(b Binding) (harness.Fault, error) {
			mortals, err := able[Mortal]("process-kill", b.Targets)
			if err != nil {
				return nil, err
			}
			signal, name := b.Values["signal"], b.Values["process"]
			c := change[Mortal]{
				action: "process-kill", targets: mortals, effect: exited, lag: stopLag,
				patience: applyPatience + endsWithin,
				verb:     "signal",
				apply:    func(ctx context.Context, t Mortal) error { return signalBy(ctx, t, signal, name) },
				undo:     "start",
				restore:  func(ctx context.Context, t Mortal, _ data) error { return t.Start(ctx) },
				keep:     keepLife[Mortal],
				happened: func(ctx context.Context, t Mortal, kept data) (bool, error) {
					if status, err := t.Status(ctx); err != nil || status == exited {
						return err == nil, err
					}
					return livesAgain(ctx, t, kept)
				},
			}
			if name != "" { // signalBy saw them end
				c.happened = func(context.Context, Mortal, data) (bool, error) { return true, nil }
			}
			return c, nil
		},
	}
}

// signalBy starts an agent that signals the target's processes, and ends it.
// It waits until processes of a name are gone: nobody sees that from outside.
func signalBy(ctx context.Context, t Mortal, signal, name string) (err error) {
	link, err := t.Agent(ctx, capKill, hostPID)
	if err != nil {
		return fmt.Errorf("start an agent: %w", err)
	}
	c := agent.Dial(link)
	defer func() { err = errors.Join(err, c.Close()) }()
	spec := agent.Spec{Effect: signalEffect, Args: map[string]string{proc.Container: t.ID(), proc.Name: name, proc.Signal: signal}}
	if _, err := c.Prepare(ctx, spec); err != nil {
		return err
	}
	if err := c.Apply(ctx, leaseSlack); err != nil || name == "" {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, endsWithin)
	defer cancel()
	return poll(ctx, readyEvery, func() (bool, string) {
		seen, err := c.Seen(ctx)
		if err != nil {
			return false, err.Error()
		}
		return seen.Active, seen.Detail
	})
}
