package harness

import (
	"fmt"

	"github.com/fournines/fournines/harness/slo"
)

// injectionProcess is the evidence about injections, in the order in which
// they were made. An injection is good when every limit holds, it missed when
// one does not; of the unclear ones nobody can tell (a phase that was not
// observed, say): they count as missed for the claim that the tier holds, and
// as good for the claim that it does not.
type injectionProcess struct {
	scenario              Scenario
	checks                int
	good, missed, unclear int
	// outcomes are those of the injections of this run, in order.
	outcomes []Outcome
	carried  []Carried
}

// newInjectionProcess reads sound trials, of which there is at least one; all
// terms are those of the first.
func newInjectionProcess(s Scenario, sound []judged) *injectionProcess {
	terms := sound[0].ev.Terms
	p := &injectionProcess{scenario: s, checks: max(1, terms.Checks)}
	for _, c := range terms.Carried {
		if c.Injections > 0 {
			p.carried = append(p.carried, c)
		}
	}
	for _, t := range sound {
		outcome := decide(t.findings)
		p.outcomes = append(p.outcomes, outcome)
		switch outcome {
		case Pass:
			p.good++
		case Fail:
			p.missed++
		default:
			p.unclear++
		}
	}
	return p
}

// tests are the two one-sided tests of "at most exceeding of all injections go
// beyond a limit": both may be looked at after every injection (package slo:
// Sequential).
func (p *injectionProcess) tests(exceeding float64) (holds, refuted *slo.Sequential) {
	test := func(bad func(Outcome) bool, carriedBad func(Carried) int) *slo.Sequential {
		var earlier slo.Carried
		for _, c := range p.carried {
			k, n := float64(carriedBad(c)), float64(c.Injections)
			earlier.LogPass += slo.LogEPass(k, n, exceeding)
			earlier.LogFail += slo.LogEFail(slo.Injections, k, n, exceeding)
		}
		s := slo.NewSequential(slo.Rule{Unit: slo.Injections, Eps: exceeding, Alpha: alpha, Checks: p.checks}, earlier)
		for _, o := range p.outcomes {
			k := 0.0
			if bad(o) {
				k = 1
			}
			s.Add(k, 1)
		}
		return s
	}
	holds = test(func(o Outcome) bool { return o != Pass }, func(c Carried) int { return c.Exceeding + c.Unclear })
	refuted = test(func(o Outcome) bool { return o == Fail }, func(c Carried) int { return c.Exceeding })
	return holds, refuted
}

// atMost is the upper end of the share of injections that exceed a limit, of
// this run alone, whenever one looks.
func (p *injectionProcess) atMost() float64 {
	n := len(p.outcomes)
	return slo.ConfidenceSequence(slo.Injections, float64(n-p.good), float64(n), Confidence).Hi
}

// said is "4 of 5 injections stayed within every limit".
func (p *injectionProcess) said() string {
	s := fmt.Sprintf("%d of %s stayed within every limit", p.good, plural(len(p.outcomes), "injection"))
	if p.unclear > 0 {
		s += fmt.Sprintf(" (of %d it cannot be told)", p.unclear)
	}
	return s
}

// needs says how many more clean injections would prove the tier, and how long
// they take; or that more like these would refute it.
func (p *injectionProcess) needs(holds, refuted *slo.Sequential) string {
	more, provable := holds.CleanToHold()
	if _, against := refuted.LogE(); against > 0 {
		if alike, ok := refuted.AlikeToRefute(); ok && (!provable || alike < more) {
			return fmt.Sprintf("%s like these, which would refute it (%s)",
				plural(max(alike, 1), "more injection"), trialTime(p.scenario, max(alike, 1)))
		}
	}
	if !provable {
		return "a lower tier"
	}
	return fmt.Sprintf("%s, %s", plural(max(more, 1), "more clean injection"), trialTime(p.scenario, max(more, 1)))
}

// statistic is what the finding rests on.
func (p *injectionProcess) statistic(exceeding float64, holds, refuted *slo.Sequential) *Statistic {
	st := &Statistic{Trials: len(p.outcomes), Failures: len(p.outcomes) - p.good, Allowed: exceeding, Dispersion: 1, Checks: p.checks}
	for _, c := range p.carried {
		st.Carried = append(st.Carried, c.RunID)
	}
	st.pValues(holds, refuted)
	return st
}

// withCarried says what earlier runs contributed.
func (p *injectionProcess) withCarried(f Finding) Finding {
	if len(p.carried) == 0 {
		return f
	}
	n, exceeding := 0, 0
	for _, c := range p.carried {
		n, exceeding = n+c.Injections, exceeding+c.Exceeding
	}
	f.Reason += fmt.Sprintf(" The evidence of %s of the same build counts too: %d of %s exceeded a limit (%s).",
		plural(len(p.carried), "earlier run"), exceeding, plural(n, "injection"), runList(p.carried))
	return f
}
