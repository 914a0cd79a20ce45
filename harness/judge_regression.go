package harness

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// regressions compare sound trials with a baseline: how often requests failed
// in episodes, and with faults how long detection, recovery and downtime took.
// They decide: whoever names a baseline wants to know. A baseline that failed
// or is no evidence is none (NoBaseline), nor is one of another version of the
// scenario; one from another environment compares machines (EnvMismatch).
func regressions(s Scenario, b BaselineRun, sound []judged) []Finding {
	f := Finding{Check: "regression", Subject: b.Ref}
	var earlier []judged
	if len(sound) == 0 {
		f.Code = NoEvidence
		f.Reason = "No trial is sound, so there is nothing to compare with the baseline."
		f.Needs = "another trial"
		return []Finding{f}
	}
	trials := trialsOf(s.Name, b.Trials)
	if why := noBaseline(s, trials); why != "" {
		f.Code = NoBaseline
		f.Reason = fmt.Sprintf("There is nothing to compare with: baseline %q %s.", b.Ref, why)
		f.Needs = "a baseline that passed, of the same scenario on the same machine"
		return []Finding{f}
	}
	if differ := environmentsDiffer(trials, sound); len(differ) > 0 {
		f.Outcome, f.Code = Invalid, EnvMismatch
		f.Reason = fmt.Sprintf("Baseline %q is from another environment (%s): the difference would be that of the machines.", b.Ref, strings.Join(differ, ", "))
		f.Needs = "a baseline from the same environment"
		return []Finding{f}
	}
	for _, ev := range trials {
		earlier = append(earlier, judged{number: ev.Plan.Trial, ev: ev, m: Measure(ev)})
	}
	findings := []Finding{episodesRegression(s, b.Ref, sound, earlier)}
	if len(s.Faults) > 0 {
		findings = append(findings, timesRegressions(b.Ref, sound, earlier)...)
	}
	return findings
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
func environmentsDiffer(trials []Evidence, sound []judged) []string {
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
	for _, ev := range trials {
		compare(ev.Environment)
	}
	return slices.Sorted(maps.Values(differ))
}
