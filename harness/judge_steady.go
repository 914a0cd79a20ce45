package harness

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness/slo"
)

// steadyState holds the requests of all sound Baselines together to the SLO's
// availability, with two one-sided tests that may be looked at at any time
// (package slo: Sequential). It decides in scenarios without faults and is
// advisory in the others. ok is false when there is no objective, no sound
// trial or no Baseline.
func steadyState(s Scenario, sound []judged) (f Finding, ok bool) {
	if !(s.SLO.Availability > 0) || len(sound) == 0 {
		return Finding{}, false
	}
	trials := make([]Evidence, len(sound))
	for i, t := range sound {
		trials[i] = t.ev
	}
	p := newSteadyProcess(s, trials)
	if p.counts.scheduled == 0 && len(s.Faults) > 0 {
		return Finding{}, false
	}
	bounds := slo.ConfidenceSequence(slo.Requests, float64(p.counts.bad)/p.phi, float64(p.counts.scheduled)/p.phi, Confidence)
	f = Finding{
		Check: "steady-state", Stage: Baseline, Advisory: len(s.Faults) > 0, Confidence: Confidence,
		Measured: p.counts.String(), MeasuredValue: number(p.counts.fraction()),
		Limit: "≤ " + exactPercent(p.eps), LimitValue: number(p.eps),
		Resolution: fmt.Sprintf("%s to %s (each bound at %s, whenever one looks)",
			formatPercent(bounds.Lo), formatPercent(bounds.Hi), exactPercent(Confidence)),
		Statistic: p.statistic(),
	}
	return p.judge(f, failedClause(s, p.counts, sound), bounds), true
}

// judge decides the finding; failed is the clause about what failed.
func (p *steadyProcess) judge(f Finding, failed string, bounds slo.Interval) Finding {
	sure := "at " + exactPercent(Confidence) + " confidence"
	allowed := exactPercent(p.eps)
	switch decision := p.test.Decision(); {
	case decision == slo.Refuted:
		f.Outcome, f.Code = Fail, ErrorRatioHigh
		f.Reason = fmt.Sprintf("%s; %s more than the allowed %s do.", failed, sure, allowed)
		if bounds.Lo > p.eps {
			f.Reason = fmt.Sprintf("%s; %s at least %s do, more than the allowed %s.", failed, sure, percentBeside(bounds.Lo, p.eps), allowed)
		}
	case decision == slo.Holds:
		f.Outcome = Pass
		f.Reason = fmt.Sprintf("%s; %s at most the allowed %s do, %s.", failed, sure, allowed, p.assumption())
	case p.test.Suspect():
		f.Outcome, f.Code = Inconclusive, Suspect
		f.Reason = fmt.Sprintf("%s"+suspectClause+"the allowed %s %s, but not among the %d checks of this run.",
			failed, allowed, sure, p.checks)
		f.Needs = "more requests, or a run of this scenario alone"
	case p.test.SecondsShort() > 0:
		f.Outcome, f.Code = Inconclusive, TooFewRequests
		f.Reason = fmt.Sprintf("%s, more than the allowed %s; but they failed in only %s, and a refutation needs %d.",
			failed, allowed, plural(p.badSeconds, "distinct second"), minBadSeconds)
		f.Needs = "a longer run: failures in " + plural(p.test.SecondsShort(), "more second") + " would refute it"
	default:
		f.Outcome, f.Code = Inconclusive, TooFewRequests
		f.Reason = fmt.Sprintf("%s, too few to claim %s: %s up to %s may fail, and %s is allowed.",
			failed, exactPercent(1-p.eps), sure, percentBeside(bounds.Hi, p.eps), allowed)
		f.Needs = p.needs()
	}
	return p.withCarried(f)
}

// withCarried says what earlier runs contributed.
func (p *steadyProcess) withCarried(f Finding) Finding {
	if len(p.carried) == 0 {
		return f
	}
	var c counts
	for _, r := range p.carried {
		c.bad, c.scheduled = c.bad+r.Bad, c.scheduled+r.Requests
	}
	f.Reason += fmt.Sprintf(" The evidence of %s of the same build counts too: %s failed (%s).",
		plural(len(p.carried), "earlier run"), c, runList(p.carried))
	return f
}

// runList names runs: "a, b and 3 more".
func runList(carried []Carried) string {
	names := make([]string, len(carried))
	for i, c := range carried {
		names[i] = c.RunID
	}
	if len(names) == 0 {
		return ""
	}
	return strings.TrimSpace(listed(names))
}
