package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/bandwidth"
	"github.com/fournines/fournines/harness/agent/cgroup"
	"github.com/fournines/fournines/harness/agent/descriptors"
	"github.com/fournines/fournines/harness/agent/dnsfault"
	"github.com/fournines/fournines/harness/agent/hog"
	"github.com/fournines/fournines/harness/agent/httpfault"
	"github.com/fournines/fournines/harness/agent/inside"
	"github.com/fournines/fournines/harness/agent/limit"
	"github.com/fournines/fournines/harness/agent/netcut"
	"github.com/fournines/fournines/harness/agent/netprobe"
	"github.com/fournines/fournines/harness/agent/netshape"
	"github.com/fournines/fournines/harness/agent/proc"
	"github.com/fournines/fournines/harness/agent/volume"
	"github.com/fournines/fournines/harness/agent/wallclock"
)

// effects are what an agent can hold, by the names that faults use.
func effects() agent.Table {
	return agent.Table{
		"idle":           agent.Idle,
		netshape.Effect:  netshape.New,
		netprobe.Effect:  netprobe.New,
		netcut.Effect:    netcut.New,
		netcut.Witness:   netcut.NewWitness,
		bandwidth.Effect: bandwidth.New,
		bandwidth.Look:   bandwidth.NewLook,
		"process-stop":   proc.Stop,
		"process-signal": proc.Kill,
		dnsfault.Effect:  dnsfault.New,
		dnsfault.Look:    dnsfault.NewLook,
		httpfault.Effect: httpfault.New,
		httpfault.Look:   httpfault.NewLook,
		wallclock.Effect: wallclock.New,
		"fd-exhaustion":  descriptors.New,
		"disk-fill":      volume.Fill,
		"file-corrupt":   volume.Corrupt,
		"file-truncate":  volume.Truncate,
		"file-hide":      volume.Hide,
		"disk-view":      volume.View,
		"cpu-throttle":   limit.CPU,
		"memory-limit":   limit.Memory,
		"pid-exhaustion": limit.PIDs,
		"io-throttle":    limit.IO,
		"io-stall":       limit.StallIO,
		"cpu-hog":        hog.CPU,
		"memory-hog":     hog.Memory,
	}
}

// newAgent is the hidden command that runs beside a target and holds a fault
// under a lease. It takes orders on standard input; with --restore it undoes
// what another agent left, and ends.
func newAgent(a *app) *cobra.Command {
	var spec, before, job, group string
	cmd := &cobra.Command{
		Use: "agent", Short: "Hold a fault beside a target", Hidden: true,
		Args: arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			if job != "" {
				return inside.Main(group, job, cmd.InOrStdin(), a.out)
			}
			if spec != "" {
				return restore(ctx, spec, before)
			}
			if err := agent.Serve(ctx, cmd.InOrStdin(), a.out, effects()); err != nil {
				return environment(err)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&spec, "restore", "", "undo the effect of this spec (JSON) and end")
	cmd.Flags().StringVar(&before, "before", "null", "the state to restore (JSON)")
	cmd.Flags().StringVar(&job, "inside", "", "do this job (JSON) within the target's control group")
	cmd.Flags().StringVar(&group, "cgroup", cgroup.Root, "where the target's control group is")
	return cmd
}

// restore undoes what an agent that is gone left.
func restore(ctx context.Context, spec, before string) error {
	var s agent.Spec
	if err := json.Unmarshal([]byte(spec), &s); err != nil {
		return usage(fmt.Errorf("read the spec to restore: %w", err))
	}
	var state map[string]string
	if err := json.Unmarshal([]byte(before), &state); err != nil {
		return usage(fmt.Errorf("read the state to restore: %w", err))
	}
	effect, err := effects().New(s)
	if err != nil {
		return usage(err)
	}
	if err := effect.Undo(ctx, state); err != nil {
		return environment(fmt.Errorf("undo effect %q: %w", s.Effect, err))
	}
	return nil
}
