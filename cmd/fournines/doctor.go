package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

const doctorLong = `Checks what a run in containers needs of this machine and says what to do about
what is missing. Nothing is started or changed.

With --faults every kind of fault is tried once as well, on a throw-away stack
in containers that is removed again, which takes some minutes: whether it takes
effect, by what means, what was seen of it from outside, and how long that and
its removal took.

Exit code 0 when a run can work, 4 when it cannot.`

func newDoctor(a *app) *cobra.Command {
	var asJSON, faults bool
	cmd := &cobra.Command{
		Use:     "doctor",
		Short:   "Check what this machine can do, and what it lacks",
		Long:    doctorLong,
		Example: "  fournines doctor\n  fournines doctor --faults\n  fournines doctor --json",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			results := diagnose(cmd.Context())
			if !faults {
				return a.doctor(results, asJSON)
			}
			progress := cmd.ErrOrStderr()
			matrix, err := a.tryFaults(cmd.Context(), progress)
			if asJSON { // what was found out is told even if it is not all
				return errors.Join(err, a.result(struct {
					Checks []diagnosis   `json:"checks"`
					Faults []possibility `json:"faults"`
				}{results, matrix}))
			}
			health := a.doctor(results, false)
			a.faultMatrix(matrix)
			if err != nil {
				return err
			}
			return health
		},
	}
	cmd.Flags().BoolVar(&faults, "faults", false, "try every kind of fault on a throw-away stack")
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
	return append(results, checkKernel(), checkCores(), checkHeadroom(), checkWake(), checkClock(), checkMemory(),
		checkDisk("."), checkFiles(), checkPorts(), checkLoopback(ctx), checkGo())
}
