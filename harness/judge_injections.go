package harness

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness/slo"
)

// injections says what the injections of all sound trials together prove about
// the next one; good is one that stayed within every limit. Under a tier
// (Terms.Tier) it decides: every limit of a single trial is evidence for it
// and advisory (see gate). Without one it is advisory, every trial is judged
// for itself, and it says what each tier would need. ok is false without
// faults, limits or sound trials.
func injections(s Scenario, sound []judged) (f Finding, ok bool) {
	if len(s.Faults) == 0 || len(sound) == 0 || !hasObjectives(s) {
		return Finding{}, false
	}
	terms := sound[0].ev.Terms
	p := newInjectionProcess(s, sound)
	f = Finding{
		Check: "injections", Advisory: true, Subject: targetsOf(sound[0].ev), Confidence: Confidence,
		Measured: fmt.Sprintf("%d of %d clean", p.good, p.good+p.missed+p.unclear), MeasuredValue: number(float64(p.good)),
	}
	f.Resolution = "at most " + formatPercent(p.atMost()) + " exceed a limit"
	if tier, found := FindTier(terms.Tier); found {
		f.Advisory = false
		return p.judge(f, tier), true
	}
	if terms.Tier != "" {
		f.Advisory, f.Outcome, f.Code = false, Inconclusive, TooFewTrials
		f.Reason = fmt.Sprintf("The run asks for tier %q, which is none: %s are.", terms.Tier, tierNames())
		f.Needs = "another run with one of these tiers"
		return f, true
	}
	return p.advise(f), true
}

// judge decides the finding under a tier.
func (p *injectionProcess) judge(f Finding, tier Tier) Finding {
	holds, refuted := p.tests(tier.Exceeding)
	exceeding := exactPercent(tier.Exceeding)
	f.Limit, f.LimitValue = "≤ "+exceeding+" exceed a limit ("+tier.Name+")", number(tier.Exceeding)
	f.Statistic = p.statistic(tier.Exceeding, holds, refuted)
	said := p.said()
	sure := "at " + exactPercent(Confidence) + " confidence"
	switch {
	case refuted.Decision() == slo.Refuted:
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = fmt.Sprintf("%s; %s more than %s of such injections exceed one, which tier %s refuses.", said, sure, exceeding, tier.Name)
	case holds.Decision() == slo.Holds:
		f.Outcome = Pass
		f.Reason = fmt.Sprintf("%s; %s at most %s of such injections do not, which tier %s asks for.", said, sure, exceeding, tier.Name)
	case refuted.Suspect():
		f.Outcome, f.Code = Inconclusive, Suspect
		f.Reason = fmt.Sprintf("%s"+suspectClause+"tier %s admits %s, but not among the %d checks of this run.", said, tier.Name, sure, p.checks)
		f.Needs = "more injections, or a run of this scenario alone"
	default:
		f.Outcome, f.Code = Inconclusive, TooFewTrials
		f.Reason = fmt.Sprintf("%s, too few for tier %s: %s up to %s of such injections exceed one, and %s is admitted.",
			said, tier.Name, sure, formatPercent(p.atMost()), exceeding)
		f.Needs = p.needs(holds, refuted)
	}
	return p.withCarried(f)
}

// advise says what tiers would need of injections that are each judged for
// themselves.
func (p *injectionProcess) advise(f Finding) Finding {
	f.Reason = fmt.Sprintf("%s; at %s confidence at most %s of such injections do not. Without a tier every injection is judged for itself.",
		p.said(), exactPercent(Confidence), formatPercent(p.atMost()))
	first := Tiers()[0]
	f.Limit, f.LimitValue = fmt.Sprintf("≥ %d clean for %s", first.Clean(), first.Name), number(float64(first.Clean()))
	var needs []string
	for _, t := range Tiers() {
		holds, _ := p.tests(t.Exceeding)
		if more, ok := holds.CleanToHold(); ok && more > 0 {
			needs = append(needs, fmt.Sprintf("%d for %s (at most %s exceed)", more, t.Name, exactPercent(t.Exceeding)))
		}
	}
	switch {
	case p.missed > 0:
		f.Outcome, f.Code = Fail, LimitExceeded
	case p.unclear == 0 && len(needs) < len(Tiers()):
		f.Outcome = Pass
	default:
		f.Outcome, f.Code = Inconclusive, TooFewTrials
	}
	if len(needs) > 0 {
		f.Needs = "more clean injections: " + strings.Join(needs, ", ")
	}
	return f
}

func tierNames() string {
	var names []string
	for _, t := range Tiers() {
		names = append(names, t.Name)
	}
	return listed(names)
}
