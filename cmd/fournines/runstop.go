package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack"
)

// setTerms settles what the run holds every scenario to, before the first
// trial: the tier, how many checks are declared, what earlier runs of the same
// build have shown, and the baseline.
func (r *runner) setTerms(st stack.Stack) error {
	var all []harness.Scenario
	var now []harness.Header
	for _, c := range r.chosen {
		all = append(all, c.Scenario)
		now = append(now, harness.Header{
			Plan: harness.Plan{Scenario: c.Scenario}, Tool: r.choice.tool(), Environment: r.choice.environment(st.Kind()), Stack: rig.Info(st),
		})
	}
	found, err := r.history.carry(now)
	if err != nil {
		return err
	}
	checks := harness.Checks(all, r.tier, r.baseline != nil)
	for i := range r.chosen {
		c := &r.chosen[i]
		c.terms = harness.Terms{Tier: r.tier, Checks: checks, Carried: found[i].carried}
		if r.baseline != nil {
			summary := r.baseline.Summary(c.Scenario)
			c.terms.Baseline = &summary
		}
		if r.history.root != "" {
			r.display.say("%s: history in %s: %s", c.Name, r.history.root, found[i])
		}
	}
	return nil
}

// stopping is the part of the command line that says when the run has enough.
func (f runFlags) stopping() []string {
	var words []string
	if f.tier != "" {
		words = append(words, "--tier", f.tier)
	}
	if f.history != "" {
		words = append(words, "--history", f.history)
	}
	if f.whole {
		words = append(words, "--no-early-stop")
	}
	return words
}

// stopRule ends a trial of c when its requests have decided the objective, or
// cannot any more with the trials that follow.
func stopRule(c chosen, earlier []harness.Evidence) harness.StopRule {
	later := time.Duration(c.trials-len(earlier)-1) * c.Stages.Baseline
	return harness.StopEarly(c.Scenario, earlier, later)
}

// enough reports whether c needs no more trials, and says why.
func (r *runner) enough(c chosen, trials []harness.Evidence) bool {
	why := harness.EnoughTrials(c.Scenario, trials, c.trials)
	safety := len(trials) > 0 && trials[len(trials)-1].End.Code == harness.SafetyStop
	if why == "" || r.whole && !safety {
		return false
	}
	r.display.say("%s: ends after %d of %d trials: %s", c.Name, len(trials), c.trials, why)
	return true
}

// dropPlans takes n plans from at on out of the run and out of its directory:
// a plan that is there and left no evidence was cut short.
func (r *runner) dropPlans(at, n int) error {
	r.plans = slices.Delete(r.plans, at, at+n)
	if err := r.dir.WritePlans(r.plans); err != nil {
		return fmt.Errorf("write the plans that were carried out: %w", err)
	}
	return nil
}
