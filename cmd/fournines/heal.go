package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness/journal"
	"github.com/fournines/fournines/stack/docker"
)

// healCommand is what a person types to undo what a run left behind.
const healCommand = "fournines heal"

const healLong = `Undoes the faults that dead runs (killed, crashed, power cut) left in effect, as
their journals say, and removes the side containers and the stacks that they
started for themselves. Whatever was healed already is left alone, and so is
what belongs to a living run. Every start of ` + "`fournines run`, `up` and `down`" + `
does the same.

With --all it also undoes faults of living runs whose deadline has passed: of a
run that hangs.

Exit codes:
  0  nothing is left
  4  no container engine answers, and no fault is known to be open
  5  a fault remains; the command that removes it by hand is printed`

func newHeal(a *app) *cobra.Command {
	var all, asJSON bool
	cmd := &cobra.Command{
		Use:     "heal",
		Short:   "Undo the faults that dead runs left in effect",
		Long:    healLong,
		Example: "  fournines heal\n  fournines heal --all --json",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.heal(cmd.Context(), all, asJSON)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "also undo faults past their deadline of runs that hang")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

// heal is the command.
func (a *app) heal(ctx context.Context, all, asJSON bool) error {
	dir, err := stateDir()
	if err != nil {
		return environment(err)
	}
	if err := engineAnswers(ctx); err != nil {
		err = unhealed(dir, err)
		if asJSON {
			h := healing{Undone: []undoneFault{}, Remaining: []remainingFault{}, Problems: []string{err.Error()}}
			if open, openErr := journal.Open(dir); openErr == nil {
				for _, j := range open {
					h.add(j)
				}
			}
			return errors.Join(err, a.result(h))
		}
		return err
	}
	show := newDisplay(a.place, a.err)
	defer show.close()
	h := janitor(ctx, dir, all)
	swept, err := docker.Sweep(ctx, show.step)
	show.close()
	for _, r := range swept.Runs {
		h.Stacks = append(h.Stacks, removedStack{r.RunID, r.Containers, r.Networks, r.Volumes})
	}
	h.note(err)
	if asJSON {
		if err := a.result(h); err != nil {
			return err
		}
	} else {
		for _, line := range append(h.done(), h.left()...) {
			a.printf("%s\n", line)
		}
		if h.nothing() {
			a.printf("nothing to heal\n")
		}
	}
	return h.err()
}

// janitor undoes what dead runs left on this engine: what their journals say,
// then the side containers that no living run holds.
func janitor(ctx context.Context, dir string, all bool) healing {
	engines := &undoers{ctx: ctx}
	defer engines.close()
	h := healing{Undone: []undoneFault{}, Remaining: []remainingFault{}, Problems: []string{}}
	healed, err := journal.Heal(ctx, dir, engines.choose)
	if all {
		late, lateErr := journal.HealOverdue(ctx, dir, time.Now(), engines.choose)
		healed, err = append(healed, late...), errors.Join(err, lateErr)
	}
	for _, j := range healed {
		h.add(j)
	}
	if len(h.Remaining) == 0 { // else the errors are those of the faults that remain
		h.note(err)
	}
	agents, err := docker.SweepAgents(ctx)
	for _, agent := range agents {
		h.Agents = append(h.Agents, removedAgent{agent.RunID, agent.ID})
	}
	h.note(err)
	h.note(forgetLogs(dir, time.Now()))
	return h
}

// healLeft is the janitor at the start of a command. The error says which
// faults remain and how they are undone by hand; those of another engine are
// only warned of.
func healLeft(ctx context.Context, d display) error {
	dir, err := stateDir()
	if err != nil {
		return environment(err)
	}
	h := janitor(ctx, dir, false)
	for _, line := range h.done() {
		d.say("%s", line)
	}
	left := strings.Join(h.left(), "\n")
	switch err := h.err(); {
	case err == nil:
		return nil
	case len(h.Remaining) > 0 && !h.here:
		d.say("warning: %s", left)
		return nil
	case left == "":
		return err
	default:
		return &failure{exitCode(err), fmt.Errorf("%w:\n%s", err, left)}
	}
}

// unhealedAnywhere is unhealed for the journals that this user has.
func unhealedAnywhere(cause error) error {
	dir, err := stateDir()
	if err != nil { // then there are none
		return cause
	}
	return unhealed(dir, cause)
}

// unhealed is the error where the engine, and with it every target, is out of
// reach: worse than a broken environment when faults are known to be open.
func unhealed(dir string, cause error) error {
	open, err := journal.Open(dir)
	if len(open) == 0 {
		if err != nil {
			cause = fmt.Errorf("%w\n%w", cause, err)
		}
		return environment(cause)
	}
	lines := []string{cause.Error(), "these faults are still in effect, as far as is known, and stay in the journal:"}
	for _, h := range open {
		lines = append(lines, "  "+h.String())
	}
	return &failure{exitNotRemoved, errors.New(strings.Join(lines, "\n"))}
}

// logsKept is how long the log of a watchdog that had something to do is kept.
const logsKept = 30 * 24 * time.Hour

// forgetLogs removes old logs of watchdogs.
func forgetLogs(dir string, now time.Time) error {
	logs, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil {
		return fmt.Errorf("list the logs of watchdogs: %w", err)
	}
	var errs []error
	for _, path := range logs {
		info, err := os.Stat(path)
		if err == nil && now.Sub(info.ModTime()) > logsKept {
			err = os.Remove(path)
		}
		if !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
