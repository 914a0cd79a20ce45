package main

import (
	"context"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// conducted is what a run is made of once everything is read and checked.
type conducted struct {
	chosen   []chosen
	plans    []harness.Plan
	choice   stackChoice
	risks    harness.RiskCatalogue
	baseline *harness.BaselineRun
	caps     harness.Caps
	levers   []harness.Probe
	// again is the command line that runs one of the scenarios again.
	again func(chosen) []string
	// replayed says that the plans are those of an earlier run, and no choice
	// is made anew.
	replayed bool
}

// conduct makes the run's directory, runs the plans, judges and reports.
func (a *app) conduct(ctx context.Context, f runFlags, c conducted) error {
	dir, err := createDir(f.out, c.plans)
	if err != nil {
		return err
	}
	show := newDisplay(a.place, a.err)
	defer show.close()
	ctx, in, stop := watchSignals(ctx, show.say, func(code int) {
		show.say("%s", evidenceText(dir))
		a.exit(code)
	})
	defer stop()
	if c.choice.banner != "" {
		show.say("%s", c.choice.banner)
	}
	show.say("run %s, seed %d: %s", dir.RunID(), f.seed, plannedTime(c.plans))
	show.say("evidence goes to %s", dir.Path())
	r := &runner{
		display: show, in: in, dir: dir, choice: c.choice, chosen: c.chosen, seed: f.seed, plans: c.plans, replayed: c.replayed,
		risks: c.risks, baseline: c.baseline, again: c.again,
		caps: c.caps, levers: c.levers, allowHosts: f.allowHosts, outside: f.sources(f.allowHosts), logs: f.logFlags,
		tier: f.tier, history: history{f.history, dir.RunID()}, whole: f.whole,
		guard: func(ctx context.Context) (*guard, error) { return c.choice.guard(ctx, dir.RunID(), show) },
		up:    func(ctx context.Context) (stack.Stack, error) { return c.choice.bringUp(ctx, dir.RunID(), show) },
	}
	runErr := r.run(ctx)
	show.close()
	return a.finish(f, r, runErr)
}
