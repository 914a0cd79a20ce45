package harness

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness/slo"
)

// tier is how sure a kind of run wants to be of an injection: at most
// Exceeding of all such injections may go beyond a limit.
type tier struct {
	name      string
	exceeding float64
}

func tiers() []tier { return []tier{{"pr", .5}, {"nightly", .2}, {"release", .1}} }

// injections says what the trials together prove about the next injection:
// how many stayed within every limit, and how many would be needed for each
// tier. It is advisory: each trial is judged for itself. ok is false without
// faults, limits or sound trials.
func injections(s Scenario, sound []judged) (f Finding, ok bool) {
	if len(s.Faults) == 0 || len(sound) == 0 || !hasObjectives(s) {
		return Finding{}, false
	}
	clean, missed := 0, false
	for _, t := range sound {
		outcome := decide(t.findings)
		if outcome == Pass {
			clean++
		}
		missed = missed || outcome == Fail
	}
	n := len(sound)
	bound := slo.UpperBound(n-clean, n, Confidence)
	f = Finding{
		Check: "injections", Advisory: true, Subject: targetsOf(sound[0].ev), Confidence: Confidence,
		Measured: fmt.Sprintf("%d of %d clean", clean, n), MeasuredValue: number(float64(clean)),
		Resolution: "at most " + formatPercent(bound) + " exceed a limit",
	}
	f.Reason = fmt.Sprintf("%d of %d injections stayed within every limit; at %s confidence at most %s of such injections do not.",
		clean, n, exactPercent(Confidence), formatPercent(bound))

	var needs []string
	first := 0
	for _, t := range tiers() {
		need, _ := slo.CleanTrials(t.exceeding, Confidence)
		if first == 0 {
			first = need
			f.Limit, f.LimitValue = fmt.Sprintf("≥ %d clean for %s", need, t.name), number(float64(need))
		}
		if clean < need {
			needs = append(needs, fmt.Sprintf("%d for %s (at most %s exceed)", need, t.name, exactPercent(t.exceeding)))
		}
	}
	switch {
	case missed:
		f.Outcome, f.Code = Fail, LimitExceeded
	case clean == n && clean >= first:
		f.Outcome = Pass
	default:
		f.Outcome, f.Code = Inconclusive, TooFewTrials
	}
	if len(needs) > 0 {
		f.Needs = "clean injections in a row: " + strings.Join(needs, ", ")
	}
	return f, true
}
