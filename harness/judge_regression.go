package harness

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// regressions compare sound trials with a baseline: how often requests failed
// in episodes, and with faults how long detection, recovery and downtime took.
// They decide: whoever names a baseline wants to know. A baseline that failed
// or is no evidence is none (NoBaseline), nor is one of another version of the
// scenario; one from another environment compares machines (EnvMismatch).
//
// Each comparison is one of the checks that the run declared: it fails at
// 1-Confidence divided by their number, and is Suspect when it would fail
// alone (see JudgeRun).
func regressions(s Scenario, b BaselineSummary, sound []judged) []Finding {
	f := Finding{Check: "regression", Subject: b.Ref}
	if len(sound) == 0 {
		f.Code = NoEvidence
		f.Reason = "No trial is sound, so there is nothing to compare with the baseline."
		f.Needs = "another trial"
		return []Finding{f}
	}
	if why := b.Unusable; why != "" {
		f.Code = NoBaseline
		f.Reason = fmt.Sprintf("There is nothing to compare with: baseline %q %s.", b.Ref, why)
		f.Needs = "a baseline that passed, of the same scenario on the same machine"
		return []Finding{f}
	}
	if differ := environmentsDiffer(b.Environments, sound); len(differ) > 0 {
		f.Outcome, f.Code = Invalid, EnvMismatch
		f.Reason = fmt.Sprintf("Baseline %q is from another environment (%s): the difference would be that of the machines.", b.Ref, strings.Join(differ, ", "))
		f.Needs = "a baseline from the same environment"
		return []Finding{f}
	}
	c := comparison{scenario: s, baseline: b, sound: sound, checks: declaredChecks(s, sound[0].ev.Terms)}
	findings := []Finding{c.episodes()}
	if len(s.Faults) > 0 {
		findings = append(findings, c.times()...)
	}
	return findings
}

// comparison is a candidate beside its baseline.
type comparison struct {
	scenario Scenario
	baseline BaselineSummary
	sound    []judged
	// checks is how many the run declared, these included.
	checks int
}

// regressionChecks is how many checks a comparison of s with a baseline
// declares.
func regressionChecks(s Scenario) int {
	if len(s.Faults) == 0 {
		return 1
	}
	return 1 + len(timedChecks())
}

// declaredChecks is how many checks a run with these terms declared. One that
// named no baseline when it began did not count the comparison with one.
func declaredChecks(s Scenario, terms Terms) int {
	if terms.Baseline != nil {
		return max(terms.Checks, regressionChecks(s))
	}
	return max(terms.Checks, Checks([]Scenario{s}, terms.Tier, false)) + regressionChecks(s)
}

// among is the clause of a Suspect reason behind what was seen.
func (c comparison) among() string {
	return suspectClause + fmt.Sprintf("chance explains at %s confidence, but not among the %d checks of this run", exactPercent(Confidence), c.checks)
}

// refutedAt is the largest p-value at which a comparison fails by itself.
func (c comparison) refutedAt() float64 { return alpha / float64(max(1, c.checks)) }

// statistic is what a comparison rests on: failures in the sound trials, and
// its two p-values.
func (c comparison) statistic(failures int, pHolds, pRefuted float64) *Statistic {
	return &Statistic{
		Trials: len(c.sound), Failures: failures, Dispersion: 1, Checks: c.checks,
		PHolds: significant(min(1, pHolds)), PRefuted: significant(min(1, pRefuted)),
	}
}

// chanceOf is the anytime p-value of evidence whose logarithm is given.
func chanceOf(logE float64) float64 { return math.Exp(min(0, -logE)) }

// asked is what was done to the stack in a trial of s: two runs compare only
// when it is the same. Without faults the Baselines may differ in length.
func asked(s Scenario) string {
	if len(s.Faults) == 0 {
		s.Stages = Stages{}
	}
	text, _ := json.Marshal([]any{s.Load, s.Stages, s.Faults, s.SLO.LatencyBound}) // plain values: it cannot fail
	return string(text)
}

// environmentsDiffer lists in what any two trials differ: "cores 2 and 4".
func environmentsDiffer(baseline []map[string]string, sound []judged) []string {
	reference := sound[0].ev.Environment
	differ := map[string]string{}
	compare := func(env map[string]string) {
		for _, m := range []map[string]string{env, reference} {
			for key := range m {
				if env[key] != reference[key] {
					differ[key] = fmt.Sprintf("%s %q and %q", key, env[key], reference[key])
				}
			}
		}
	}
	for _, t := range sound[1:] {
		compare(t.ev.Environment)
	}
	for _, env := range baseline {
		compare(env)
	}
	return slices.Sorted(maps.Values(differ))
}
