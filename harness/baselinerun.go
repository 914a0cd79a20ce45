package harness

import (
	"maps"
	"slices"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// BaselineRun is earlier evidence that a candidate is compared with. (Baseline
// alone is the stage of a trial.)
type BaselineRun struct {
	// Ref names it for people: a run ID or a pinned name.
	Ref string
	// Trials are those of the run; Summary and Judge take the ones of their
	// scenario and do not change them.
	Trials []Evidence
}

// BaselineSummary is what a comparison needs of a baseline, for one scenario.
// It is part of the candidate's evidence (Terms.Baseline): judging that again
// comes to the same whatever became of the baseline.
type BaselineSummary struct {
	Ref string `json:"ref"`
	// Unusable says why there is nothing to compare with, as the end of a
	// sentence ("failed itself"); empty when there is.
	Unusable string `json:"unusable,omitempty"`
	// Trials is how many the rest is about.
	Trials int `json:"trials,omitempty"`
	// Environments are the fingerprints of the trials, each once.
	Environments []map[string]string `json:"environments,omitempty"`
	// Episodes is in how many requests failed within Exposure, the judged time
	// of all trials.
	Episodes int           `json:"episodes,omitempty"`
	Exposure time.Duration `json:"exposureNs,omitempty"`
	// Times are how long things took, by the name of the check. What no trial
	// observed is missing.
	Times map[string]BaselineTimes `json:"times,omitempty"`
}

// BaselineTimes are how long one thing took in the trials that observed it.
type BaselineTimes struct {
	Observations []slo.Observation `json:"observations"`
	// Resolution is the coarsest of them.
	Resolution time.Duration `json:"resolutionNs"`
}

// Summary is what a candidate of s needs of b to be compared with it.
func (b BaselineRun) Summary(s Scenario) BaselineSummary {
	trials := trialsOf(s.Name, b.Trials)
	if why := noBaseline(s, trials); why != "" {
		return BaselineSummary{Ref: b.Ref, Unusable: why}
	}
	var all []judged
	sum := BaselineSummary{Ref: b.Ref, Trials: len(trials)}
	for _, ev := range trials {
		all = append(all, judged{number: ev.Plan.Trial, ev: ev, m: Measure(ev)})
		if !slices.ContainsFunc(sum.Environments, func(env map[string]string) bool { return maps.Equal(env, ev.Environment) }) {
			sum.Environments = append(sum.Environments, ev.Environment)
		}
	}
	a := armOf(all)
	sum.Episodes, sum.Exposure = a.episodes, a.exposure
	for _, c := range timedChecks() {
		if then := c.observations(all); len(s.Faults) > 0 && len(then.Observations) > 0 {
			if sum.Times == nil {
				sum.Times = map[string]BaselineTimes{}
			}
			sum.Times[c.check] = then
		}
	}
	return sum
}

// noBaseline says why trials cannot be a baseline of s, as the end of a
// sentence; "" when they can.
func noBaseline(s Scenario, trials []Evidence) string {
	if len(trials) == 0 {
		return "holds no trial of " + s.Name
	}
	for _, ev := range trials {
		if asked(ev.Plan.Scenario) != asked(s) {
			return "is of another version of the scenario"
		}
	}
	switch v := Judge(trials[0].Plan.Scenario, trials, nil); v.Outcome {
	case Fail:
		return "failed itself"
	case Invalid:
		return "is no sound evidence itself"
	}
	return ""
}

// comparedWith is what the trials are compared with: b, else what the run
// named when it began; nil for nothing.
func comparedWith(s Scenario, trials []Evidence, b *BaselineRun) *BaselineSummary {
	if b != nil {
		sum := b.Summary(s)
		return &sum
	}
	for _, ev := range trials { // one that was planned and never began has no terms
		if ev.Terms.Baseline != nil {
			return ev.Terms.Baseline
		}
	}
	return nil
}
