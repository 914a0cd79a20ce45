package harness

import (
	"slices"
	"strings"

	"github.com/fournines/fournines/harness/slo"
)

// RunVerdict is what the verdicts of all scenarios of a run come to together.
type RunVerdict struct {
	// Outcome is the worst of Verdicts: a run passes only when every scenario
	// does, and one that has none is Inconclusive.
	Outcome  Outcome
	Verdicts []Verdict
}

// JudgeRun judges a run over all its scenarios. That all of them pass needs no
// correction. That any fails does: Judge refutes a statistical check among m
// at 1-Confidence divided by m; here Holm's rule (package slo) is applied to
// the p-values of all checks, and a check that was only Suspect for itself
// fails when the others make room for it. It never takes a Fail back. Checks
// that were declared and not judged count as p = 1, so that more verdicts only
// add failures: it may be asked after every scenario.
//
// It is pure and does not change verdicts.
func JudgeRun(verdicts []Verdict) RunVerdict {
	run := RunVerdict{Verdicts: slices.Clone(verdicts)}
	var places []place
	var p []float64
	declared := 0
	for i, v := range verdicts {
		for j, f := range v.Findings {
			if f.Statistic == nil || f.Advisory {
				continue
			}
			places, p = append(places, place{i, j}), append(p, f.Statistic.PRefuted)
			declared = max(declared, f.Statistic.Checks)
		}
	}
	for len(p) < declared {
		p = append(p, 1)
	}
	adjusted := slo.Holm(p)
	for i, at := range places {
		if v := &run.Verdicts[at.verdict]; v.Findings[at.finding].Code == Suspect && adjusted[i] <= alpha {
			v.refute(at.finding)
		}
	}
	outcomes := make([]Outcome, len(run.Verdicts))
	for i, v := range run.Verdicts {
		outcomes[i] = v.Outcome
	}
	run.Outcome = Worst(outcomes...)
	return run
}

// place is where a finding is.
type place struct{ verdict, finding int }

// suspectClause parts what was seen from the doubt in a Suspect reason.
const suspectClause = "; alone that is more than "

// refute turns a Suspect finding into a failure; v's own findings are copied.
func (v *Verdict) refute(finding int) {
	v.Findings = slices.Clone(v.Findings)
	f := &v.Findings[finding]
	seen, _, _ := strings.Cut(f.Reason, suspectClause)
	f.Outcome, f.Needs = Fail, ""
	f.Code = ErrorRatioHigh
	if f.Check != "steady-state" {
		f.Code = LimitExceeded
	}
	f.Reason = seen + "; at " + exactPercent(Confidence) + " confidence that is more than is allowed, among all checks of this run (Holm's rule)."
	before := v.Outcome
	if v.Outcome = decide(v.Findings); before != v.Outcome {
		v.Sentence = "FAIL: " + lowerFirst(f.Reason)
	}
}
