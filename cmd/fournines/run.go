package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/reports"
)

const runLong = `Starts the reference platform, drives load through it, breaks one thing on
purpose, measures, judges, writes a report and removes everything it started.

Without a SCENARIO it runs ` + firstScenario + `, the one to begin with.

` + exitHelp

const runExamples = `  fournines run                                   ` + firstScenario + `, in containers
  fournines run gateway-kill --trials 5           five injections
  fournines run --suite pr                        what a pull request is held to
  fournines run gateway-kill --tier nightly --history reports/runs
                                                  until at most 20 % of such kills can exceed a limit
  fournines run my-scenario.yaml --seed 7         a file of your own, replayable
  fournines run catalog-replica-kill --dry-run    what would be hit, how it is proved and undone
  fournines run --stack inproc --for 5s           without containers, short`

// runFlags are the flags of `fournines run`.
type runFlags struct {
	selection
	stack          string
	seed           uint64
	dryRun, json   bool
	out            string
	onInconclusive string
	baseline       string
	risks          string
	// history is a folder of earlier runs, empty for none.
	history string
	// whole runs every trial to its planned end.
	whole bool
	radiusFlags
	outsideFlags
	platformFlags
	logFlags
}

func newRun(a *app) *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:     "run [SCENARIO|FILE ...]",
		Short:   "Break the stack on purpose, measure, judge and report",
		Long:    runLong,
		Example: runExamples,
		RunE: func(cmd *cobra.Command, args []string) error {
			f.names = args
			if !cmd.Flags().Changed("seed") {
				f.seed = newSeed()
			}
			if err := f.check(cmd.Flags().Changed); err != nil {
				return err
			}
			return a.run(cmd.Context(), f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.suite, "suite", "", "run all scenarios of a suite: "+strings.Join(spec.Suites(), ", ")+" or all")
	flags.StringVar(&f.stack, "stack", stackAuto, "auto, docker or inproc; auto is docker when an engine answers; or one that is up: compose:PROJECT, kept:RUN")
	flags.Uint64Var(&f.seed, "seed", 0, "seed of every random choice (default random, printed)")
	flags.IntVar(&f.trials, "trials", 0, "trials of each scenario, at most (default 1, or what the suite or the tier asks for)")
	flags.StringVar(&f.tier, "tier", "", "how sure to be of an injection: "+tierHelp())
	flags.StringVar(&f.history, "history", "", "folder of earlier runs; what they have shown of this build counts too")
	flags.BoolVar(&f.whole, "no-early-stop", false, "run every trial to its planned end, decided or not")
	flags.DurationVar(&f.judged, "for", 0, "length of the judged stage, such as 30s: the disruption, or the baseline without faults; others stay (default the scenario's)")
	flags.Float64Var(&f.rate, "rate", 0, "requests per second of the load, for a machine that is too slow for the scenario's, or a quicker one (default the scenario's)")
	flags.BoolVar(&f.dryRun, "dry-run", false, "print targets, proof and undo; start nothing")
	flags.BoolVar(&f.json, "json", false, "print the result as JSON")
	flags.StringVar(&f.out, "out", filepath.Join("reports", "runs"), "folder for the run's files")
	flags.StringVar(&f.onInconclusive, "on-inconclusive", "report", "exit code of an inconclusive run: report (3), fail (1), warn or pass (0)")
	f.radiusFlags.add(flags)
	f.outsideFlags.add(flags)
	f.platformFlags.add(flags, " (default those that the scenarios have to do with)")
	f.logFlags.add(flags)
	addBaseline(flags, &f.baseline)
	addRisks(flags, &f.risks, "the one that ships")
	return cmd
}

// check looks at the flags that do not belong to the selection; changed
// reports whether a flag was given.
func (f runFlags) check(changed func(string) bool) error {
	if err := checkStack(f.stack); err != nil {
		return err
	}
	if _, ok := inconclusiveCode(f.onInconclusive); !ok {
		return unknown("value of --on-inconclusive", f.onInconclusive, []string{"report", "fail", "warn", "pass"}, "want report, fail, warn or pass")
	}
	if info, err := os.Stat(f.history); f.history != "" && err == nil && !info.IsDir() {
		return usage(fmt.Errorf("--history %q: want a folder of run folders, saw a file", f.history))
	}
	if changed("trials") && f.trials == 0 {
		return usage(fmt.Errorf("--trials 0: want 1 to %d", harness.MaxTrials))
	}
	if err := f.radiusFlags.check(changed); err != nil {
		return err
	}
	if err := f.outsideFlags.check(f.allowHosts); err != nil {
		return usage(err)
	}
	if err := f.logFlags.check(f.allowHosts); err != nil {
		return usage(err)
	}
	if err := f.outsideFlags.checkFor(f.stack); err != nil {
		return err
	}
	if err := f.platformFlags.check(f.stack); err != nil {
		return err
	}
	if changed("for") && f.judged == 0 {
		return usage(errors.New("--for 0s: want more than 0s"))
	}
	if changed("rate") && f.rate == 0 {
		return usage(fmt.Errorf("--rate 0: want more than 0 and at most %d requests per second", harness.MaxRate))
	}
	return nil
}

// run is the command: everything is read, checked and resolved, and the run
// directory is made, before anything is started.
func (a *app) run(ctx context.Context, f runFlags) error {
	there, err := f.attach(ctx)
	if err != nil {
		return err
	}
	defer there.letGo(ctx)
	f.targets = there.targets()
	all, err := f.scenarios()
	if err != nil {
		return err
	}
	a.warn(all)
	choice, noStack := there.choice(), error(nil)
	if there == nil {
		choice, noStack = chooseStack(f.stack, a.place.live && f.suite == "", func() error { return engineAnswers(ctx) })
	}
	all, choices, err := a.suited(all, f.suite, choice, f.platformFlags.chosen(componentsFor(all)))
	if err != nil {
		return err
	}
	choice = choice.built(choices)
	all = meant(all, choice)
	if all, err = a.servable(all, f, choice.targets()); err != nil {
		return err
	}
	if err := fitLoads(all, choice); err != nil {
		return err
	}
	caps := f.caps(there != nil)
	plans, err := resolveAll(all, f.seed, choice.targets(), caps)
	if err != nil {
		return err
	}
	levers, err := f.safetyLevers()
	if err != nil {
		return err
	}
	risks, err := risksOf(f.risks)
	if err != nil {
		return err
	}
	for _, c := range all {
		if w := riskWarning(c.Scenario, risks); w != "" {
			fmt.Fprintf(a.err, "fournines: warning: scenario %q: %s\n", c.Name, w)
		}
	}
	baseline, err := baselineRun(f.baseline)
	if err != nil {
		return err
	}
	if f.dryRun {
		return a.dryRun(ctx, plans, f, choice)
	}
	if noStack != nil {
		return unhealedAnywhere(noStack)
	}
	if err := a.admit(f, there, plans); err != nil {
		return err
	}
	if err := harness.CheckLevers(ctx, levers...); err != nil {
		return environment(fmt.Errorf("nothing was started: %w", err))
	}
	if err := f.look(ctx, f.allowHosts); err != nil {
		return err
	}
	return a.conduct(ctx, f, conducted{
		chosen: all, plans: plans, choice: choice, risks: risks, baseline: baseline, caps: caps, levers: levers,
		again: func(c chosen) []string { return f.again(c, choice.word()) },
	})
}

// warn says what the scenarios cannot prove as they are written.
func (a *app) warn(all []chosen) {
	for _, c := range all {
		for _, w := range c.Warnings() {
			fmt.Fprintf(a.err, "fournines: warning: scenario %q: %v\n", c.Name, w)
		}
	}
}

// createDir makes the run's directory and writes the plans into it: where that
// does not work nothing is started.
func createDir(root string, plans []harness.Plan) (*reports.Dir, error) {
	dir, err := reports.Create(root, newRunID(time.Now()))
	if err == nil {
		if err = dir.WritePlans(plans); err != nil {
			err = errors.Join(err, os.Remove(dir.Path())) // it is empty: nothing half-written stays
		}
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return nil, environment(fmt.Errorf("nothing was started: %w", err))
	case err != nil:
		return nil, usage(fmt.Errorf("nothing was started: %w; choose another folder with --out", err))
	}
	return dir, nil
}

// plannedTime says how long plans take without set-up: `3 trials, 2m45s of load`.
func plannedTime(plans []harness.Plan) string {
	var total time.Duration
	for _, p := range plans {
		total += p.Scenario.Stages.Total()
	}
	if len(plans) == 1 {
		return fmt.Sprintf("1 trial of %s, %s of load", plans[0].Scenario.Name, clock(total))
	}
	return fmt.Sprintf("%d trials, %s of load", len(plans), clock(total))
}

// finish prints the result of a run and decides its exit code.
func (a *app) finish(f runFlags, r *runner, runErr error) error {
	code := r.exitCode(f.onInconclusive, runErr)
	for _, err := range []error{runErr, r.downErr} {
		if err != nil {
			a.explain(err)
		}
	}
	defer fmt.Fprintln(a.err, evidenceText(r.dir))
	if f.json {
		if err := a.result(r.result(code)); err != nil {
			return err
		}
		return exited(code)
	}
	if len(r.verdicts) > 0 {
		report := r.dir.File(reports.HTMLFile)
		if r.unreported {
			report = ""
		}
		err := reports.Terminal(a.out, r.verdicts, reports.TerminalOptions{
			Color: a.place.colourOut, Width: width(a.out), ReportPath: report, Logs: r.logsPath(), Evidence: r.evidence, Year: r.year(),
		})
		if err != nil {
			return environment(err)
		}
	}
	if f.onInconclusive == "warn" && code == exitPass && slices.ContainsFunc(r.verdicts, isInconclusive) {
		fmt.Fprintln(a.err, "fournines: warning: the run is inconclusive; --on-inconclusive=warn makes that exit code 0")
	}
	return exited(code)
}

// evidenceText says where the evidence of a run is, however the run ended.
func evidenceText(dir *reports.Dir) string {
	return fmt.Sprintf("evidence in %s (`fournines judge %s` judges it again)", dir.Path(), dir.Path())
}

func isInconclusive(v harness.Verdict) bool { return v.Outcome == harness.Inconclusive }
