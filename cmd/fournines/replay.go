package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/reports"
)

const replayLong = `Runs the plan of an earlier run again: the same faults with the same targets at
the same times, under the same load. No choice is made anew: who led then is
hit again, whoever leads now, and a fault that only makes sense on a leader is
refused when another one leads. PLAN.json is the plan.json in a run's folder,
or that folder. How the platform is built is no part of a plan: give the flags
that the run was given (its report shows them), such as --edge nginx.

` + exitHelp

const replayExamples = `  fournines replay reports/runs/20261123-081502-9f3ab2/plan.json
  fournines replay reports/runs/20261123-081502-9f3ab2 --trial 3   one trial of it
  fournines replay plan.json --stack inproc`

// newReplay is run without any choice.
func newReplay(a *app) *cobra.Command {
	var f runFlags
	var trial int
	cmd := &cobra.Command{
		Use:     "replay PLAN.json",
		Short:   "Run the plan of an earlier run again, with the same targets and times",
		Long:    replayLong,
		Example: replayExamples,
		Args:    arguments(1, 1, "the plan.json of a run, or the run's folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(func(string) bool { return false }); err != nil {
				return err
			}
			if cmd.Flags().Changed("trial") && trial < 1 {
				return usage(fmt.Errorf("--trial %d: want the number of a trial, from 1", trial))
			}
			return a.replay(cmd.Context(), f, args[0], trial)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&trial, "trial", 0, "run only this trial of each scenario (default all)")
	flags.StringVar(&f.stack, "stack", stackAuto, "auto, docker or inproc; auto is docker when an engine answers; or one that is up: compose:PROJECT, kept:RUN")
	flags.BoolVar(&f.whole, "no-early-stop", false, "run every trial to its planned end, decided or not")
	flags.BoolVar(&f.json, "json", false, "print the result as JSON")
	flags.StringVar(&f.out, "out", filepath.Join("reports", "runs"), "folder for the run's files")
	flags.StringVar(&f.onInconclusive, "on-inconclusive", "report", "exit code of an inconclusive run: report (3), fail (1), warn or pass (0)")
	f.platformFlags.add(flags, " (default all)")
	f.radiusFlags.add(flags)
	f.outsideFlags.add(flags)
	f.logFlags.add(flags)
	addBaseline(flags, &f.baseline)
	addRisks(flags, &f.risks, "the one that ships")
	return cmd
}

// replay is the command: the plan is read and held against the stack before
// anything is started.
func (a *app) replay(ctx context.Context, f runFlags, path string, trial int) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		path = filepath.Join(path, reports.PlanFile)
	}
	plans, err := reports.ReadPlans(path)
	if err != nil {
		return usage(err)
	}
	if plans, err = ofTrial(plans, trial); err != nil {
		return usage(fmt.Errorf("%s: %w", path, err))
	}
	c, letGo, err := a.replayOn(ctx, f, plans)
	defer letGo()
	if err != nil {
		return err
	}
	if c.levers, err = f.safetyLevers(); err != nil {
		return err
	}
	if err := harness.CheckLevers(ctx, c.levers...); err != nil {
		return environment(fmt.Errorf("nothing was started: %w", err))
	}
	if err := f.look(ctx, f.allowHosts); err != nil {
		return err
	}
	if c.risks, err = risksOf(f.risks); err != nil {
		return err
	}
	if c.baseline, err = baselineRun(f.baseline); err != nil {
		return err
	}
	f.seed = plans[0].Seed
	c.again = func(chosen) []string { return f.replayAgain(path, trial, c.choice.word()) }
	return a.conduct(ctx, f, c)
}

// replayOn chooses the stack and holds the plans against it. letGo is never
// nil.
func (a *app) replayOn(ctx context.Context, f runFlags, plans []harness.Plan) (c conducted, letGo func(), err error) {
	there, err := f.attach(ctx)
	letGo = func() { there.letGo(ctx) }
	if err != nil {
		return c, func() {}, err
	}
	choice, noStack := there.choice(), error(nil)
	if there == nil {
		choice, noStack = chooseStack(f.stack, a.place.live, func() error { return engineAnswers(ctx) })
	}
	_, choices, err := a.suited(chosenOf(plans), "", choice, f.platformFlags.chosen(nil))
	if err != nil {
		return c, letGo, err
	}
	choice = choice.built(choices)
	c = conducted{chosen: chosenOf(plans), plans: plans, choice: choice, replayed: true}
	if noStack != nil {
		c.choice.kind = stackDocker // what was asked for
	}
	if err := replayable(plans, c.choice.targets()); err != nil {
		return c, letGo, usage(err)
	}
	if noStack != nil {
		return c, letGo, unhealedAnywhere(noStack)
	}
	if err := fitLoads(c.chosen, choice); err != nil {
		return c, letGo, err
	}
	return c, letGo, a.admit(f, there, plans)
}

// ofTrial are the plans of one trial, or all of them for 0.
func ofTrial(plans []harness.Plan, trial int) ([]harness.Plan, error) {
	var of []harness.Plan
	var there []string
	for _, p := range plans {
		if number := strconv.Itoa(p.Trial); !slices.Contains(there, number) {
			there = append(there, number)
		}
		if trial == 0 || p.Trial == trial {
			of = append(of, p)
		}
	}
	switch {
	case len(plans) == 0:
		return nil, errors.New("want at least one plan, saw none: nothing would be tested")
	case len(of) == 0:
		return nil, fmt.Errorf("--trial %d: want one of the plan's trials (%s)", trial, strings.Join(there, ", "))
	}
	return of, nil
}

// replayable returns nil when the plans can be run as they are on a stack with
// the targets; otherwise all that is in the way.
func replayable(plans []harness.Plan, targets []harness.Target) error {
	var names []string
	for _, t := range targets {
		names = append(names, t.Name)
	}
	var problems []error
	for _, p := range plans {
		if err := p.Scenario.Validate(); err != nil {
			problems = append(problems, fmt.Errorf("scenario %q: %w", p.Scenario.Name, err))
		}
		var wanted []string
		missing := false
		for _, in := range p.Injections {
			if _, ok := fault.Lookup(in.Action); !ok {
				problems = append(problems, fmt.Errorf("%s, trial %d: unknown action %q: it was planned by another version of fournines", p.Scenario.Name, p.Trial, in.Action))
			}
			if len(in.Open) > 0 {
				problems = append(problems, fmt.Errorf("%s, trial %d: %s was never run: which of %s was meant was not asked", p.Scenario.Name, p.Trial, in.Action, strings.Join(in.Open, ", ")))
			}
			for _, name := range in.Targets {
				missing = missing || !slices.Contains(names, name)
				if !slices.Contains(wanted, name) {
					wanted = append(wanted, name)
				}
			}
		}
		if missing {
			problems = append(problems, fmt.Errorf("%s, trial %d: the plan hits %s; the stack has %s", p.Scenario.Name, p.Trial, strings.Join(wanted, ", "), strings.Join(names, ", ")))
		}
	}
	return errors.Join(problems...)
}

// chosenOf are the scenarios of plans, in their order, each with as many trials
// as it has plans.
func chosenOf(plans []harness.Plan) []chosen {
	var all []chosen
	for _, p := range plans {
		if n := len(all); n > 0 && all[n-1].Name == p.Scenario.Name {
			all[n-1].trials++
			continue
		}
		all = append(all, chosen{Scenario: p.Scenario, trials: 1})
	}
	return all
}

// replayAgain is the command line that replays the same once more.
func (f runFlags) replayAgain(path string, trial int, kind string) []string {
	words := []string{"fournines", "replay", path, "--stack", kind}
	if trial > 0 {
		words = append(words, "--trial", strconv.Itoa(trial))
	}
	return append(words, f.platformFlags.words()...)
}
