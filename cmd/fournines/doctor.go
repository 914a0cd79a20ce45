package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

const doctorLong = `Checks what a run in containers needs of this machine and says what to do about
what is missing. Nothing is started or changed.

Exit code 0 when a run can work, 4 when it cannot.`

func newDoctor(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "doctor",
		Short:   "Check what this machine can do, and what it lacks",
		Long:    doctorLong,
		Example: "  fournines doctor\n  fournines doctor --json",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.doctor(diagnose(cmd.Context()), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

// health is what a check comes to.
type health string

const (
	healthy health = "ok"
	// doubtful things make a run slower or its result weaker.
	doubtful health = "warn"
	// unfit means that a run cannot work.
	unfit health = "bad"
)

// diagnosis is the result of one check.
type diagnosis struct {
	Check  string `json:"check"`
	Health health `json:"health"`
	// Seen is what was found, Do what to do about it (empty when healthy).
	Seen string `json:"seen"`
	Do   string `json:"do,omitempty"`
}

// doctor prints the results; one that is unfit makes the exit code 4.
func (a *app) doctor(results []diagnosis, asJSON bool) error {
	code := exitPass
	for _, d := range results {
		if d.Health == unfit {
			code = exitInvalid
		}
	}
	if asJSON {
		if err := a.result(results); err != nil {
			return err
		}
		return exited(code)
	}
	t := newTheme(a.place.colourOut)
	for _, d := range results {
		style := t.good
		switch d.Health {
		case doubtful:
			style = t.warn
		case unfit:
			style = t.bad
		}
		a.printf("%s  %-16s %s\n", style.Render(fmt.Sprintf("%-4s", d.Health)), d.Check, d.Seen)
		if d.Do != "" {
			a.printf("      %-16s → %s\n", "", d.Do)
		}
	}
	if code != exitPass {
		a.printf("\nA run in containers cannot work here yet; `fournines run --stack inproc` works without them.\n")
	}
	return exited(code)
}

// diagnose makes every check.
func diagnose(ctx context.Context) []diagnosis {
	results := checkEngine(ctx)
	return append(results, checkCores(), checkMemory(), checkDisk("."), checkFiles(), checkLoopback(ctx), checkGo())
}
