package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
)

const downLong = `Removes stacks that were kept with ` + "`fournines up`" + `, and what runs that are dead
(killed, crashed, power cut) left behind. What belongs to a live run is never
touched. With RUN, only that run's.`

func newDown(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "down [RUN ...]",
		Short:   "Remove kept stacks and what dead runs left behind",
		Long:    downLong,
		Example: "  fournines down\n  fournines down 20261123-081502-9f3ab2",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := engineAnswers(cmd.Context()); err != nil {
				return unhealedAnywhere(err)
			}
			return a.down(cmd.Context(), args)
		},
	}
}

// down removes and says what it removed. It goes on when one run resists.
func (a *app) down(ctx context.Context, wanted []string) error {
	found, err := docker.List(ctx)
	if err != nil {
		return environment(err)
	}
	doomed, err := choose(found, wanted)
	if err != nil {
		return err
	}
	show := newDisplay(a.place, a.err)
	defer show.close()
	var problems []error
	removed := 0
	if len(wanted) == 0 {
		swept, err := docker.Sweep(ctx, show.step)
		if text := swept.String(); text != "" {
			a.printf("%s\n", text)
		}
		removed += len(swept.Runs)
		problems = append(problems, err)
	}
	for _, f := range doomed {
		err := a.remove(ctx, f.RunID, show)
		problems = append(problems, err)
		if err == nil {
			removed++
			a.printf("removed run %q: %d containers\n", f.RunID, len(f.Replicas))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return environment(err)
	}
	// What was removed has no faults any more; what is left may.
	if err := healLeft(ctx, show); err != nil {
		return err
	}
	if removed == 0 {
		a.printf("nothing to remove\n")
	}
	return nil
}

// remove removes one run and shows that it takes its time.
func (a *app) remove(ctx context.Context, runID string, show display) error {
	step := stack.Step{Name: "remove run " + runID}
	show.step(step)
	began := time.Now()
	step.Err = docker.Remove(ctx, runID)
	step.Ended, step.Took = true, time.Since(began)
	show.step(step)
	return step.Err
}

// choose returns the runs to remove beside the orphans: those that are wanted
// or, when none is named, every kept one. A live run is never among them.
func choose(found []docker.Found, wanted []string) ([]docker.Found, error) {
	if len(wanted) == 0 {
		var kept []docker.Found
		for _, f := range found {
			if f.Kept && !f.Alive {
				kept = append(kept, f)
			}
		}
		return kept, nil
	}
	byID := make(map[string]docker.Found)
	var names []string
	for _, f := range found {
		byID[f.RunID] = f
		names = append(names, f.RunID)
	}
	var chosen []docker.Found
	var problems []error
	for _, id := range wanted {
		f, ok := byID[id]
		switch {
		case !ok:
			problems = append(problems, unknown("run", id, names, "`fournines status` lists what there is"))
		case f.Alive:
			problems = append(problems, fmt.Errorf("run %q is alive: interrupt its process instead; it removes its stack itself", id))
		default:
			chosen = append(chosen, f)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, usage(err)
	}
	return chosen, nil
}
