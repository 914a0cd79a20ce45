package fault

import (
	"context"
	"errors"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/proc"
)

// Effects of package proc by their names in an agent's table.
const (
	stopEffect   = "process-stop"
	signalEffect = "process-signal"
)

// capKill and hostPID are what an agent needs to signal a container's first
// process: from inside its namespace nobody can.
var (
	capKill = []string{"KILL"}
	hostPID = []string{"host-pid"}
)

// processParam names the processes that are hit.
func processParam() Param {
	return free("process", "", "haproxy", "the name of a process in the container", "which processes are hit, by their own name or that of their program; the container's main process when it is not given",
		func(value string) error {
			if strings.ContainsAny(value, "/\x00 \t\n") || len(value) > 64 {
				return errors.New("no name of a process")
			}
			return nil
		})
}

func processPause() Kind {
	return Kind{
		Action:  "process-pause",
		Summary: "stop a replica's process and let it go on later (SIGSTOP, SIGCONT)",
		Explain: "The main process of each target, or those of a name, are stopped: their connections stay open and they answer nothing, while other processes in the container go on. The container itself is not paused, and its engine takes it for running.",
		Method:  "an agent in the engine's process namespace, with the capability KILL alone, sends SIGSTOP to processes of the target's control group",
		Class:   Frozen,
		Proof:   "the kernel shows all of the processes as stopped; of a main process also: its readiness check is not answered",
		Undone:  "the processes get SIGCONT, are not shown as stopped any more, and the target is ready",
		Example: "{action: process-pause, target: {component: catalog, mode: one}, at: 0s, duration: 10s}",
		Params:  []Param{processParam()},
		bind: func(b Binding) (harness.Fault, error) {
			name := b.Values["process"]
			return hold{
				action: "process-pause", capabilities: capKill, shares: hostPID, byHand: pauseByHand,
				spec: func(_ context.Context, t Host) (agent.Spec, error) {
					return agent.Spec{Effect: stopEffect, Args: map[string]string{proc.Container: t.ID(), proc.Name: name}}, nil
				},
				effective: func(ctx context.Context, t Host, seen agent.Seen) (bool, string) {
					if name != "" {
						return true, seen.Detail
					}
					g := look(ctx, t.Status, t.Ready, effectPatience)
					return g.err == nil && g.unready != nil && ctx.Err() == nil, seen.Detail + ", " + g.String()
				},
			}.bind(b)
		},
	}
}
