package harness

import (
	"github.com/fournines/fournines/harness/slo"
)

// EnoughTrials says, after each trial of a scenario, why the run needs no more
// of them; "" to go on. trials are those that ended so far, all with the same
// Terms; planned is how many there are to be in all.
//
// It stops after a safety stop: the scenario has failed, and another trial
// would do the same harm again. It stops after a safety lever. It stops when the evidence is reached: of a
// scenario without faults when its requests decide the objective, of one with
// faults when its injections decide the tier. And it stops when all trials
// that are left cannot decide it any more; a number of trials that was too
// small from the start is somebody's choice and stops nothing. With faults and
// without a tier every trial is judged for itself, and all of them are wanted.
func EnoughTrials(s Scenario, trials []Evidence, planned int) (why string) {
	if len(trials) == 0 {
		return ""
	}
	for _, ev := range trials {
		switch ev.End.Code {
		case SafetyStop:
			return "a safety stop: another trial would do the same harm again"
		case SafetyLever:
			return "a safety lever: somebody wants this to stop, or nobody could tell"
		}
	}
	sound := soundTrials(trials)
	left := max(0, planned-len(trials))
	tier, known := FindTier(trials[0].Terms.Tier)
	switch {
	case len(sound) == 0:
		return ""
	case len(s.Faults) == 0 && s.SLO.Timeslices == nil && s.SLO.Availability > 0:
		return enoughRequests(s, sound, left)
	case len(s.Faults) > 0 && known:
		return enoughInjections(s, sound, tier, left)
	}
	return ""
}

// enoughRequests is StopEarly between two trials.
func enoughRequests(s Scenario, sound []Evidence, left int) string {
	w := &steadyWatch{scenario: s, process: newSteadyProcess(s, sound)}
	limit := float64(w.process.counts.scheduled) + float64(left)*s.Load.Rate*s.Stages.Baseline.Seconds()
	switch p := w.process; {
	case p.test.Decision() == slo.Refuted:
		return enoughRefuted
	case p.test.Decision() == slo.Holds:
		return enoughHolds
	case p.counts.bad > 0 && !p.shortFor(limit) && p.test.Futile(limit) && !p.mayBeRefuted(limit):
		return futile
	}
	return ""
}

// shortFor reports whether limit clean requests were never enough.
func (p *steadyProcess) shortFor(limit float64) bool {
	return slo.NewSequential(p.rule(), p.carriedEvidence()).Futile(limit)
}

// enoughInjections looks at the tier between two trials.
func enoughInjections(s Scenario, sound []Evidence, tier Tier, left int) string {
	p := newInjectionProcess(s, judgedInjections(s, sound))
	holds, refuted := p.tests(tier.Exceeding)
	limit := float64(len(sound) + left)
	switch {
	case refuted.Decision() == slo.Refuted:
		return "evidence reached: tier " + tier.Name + " is missed, " + p.said()
	case holds.Decision() == slo.Holds:
		return "evidence reached: tier " + tier.Name + " holds, " + p.said()
	case p.missed+p.unclear > 0 && !mayHold(holds, limit) && !refuted.Refutable(limit):
		return "futile: tier " + tier.Name + " cannot be decided any more with " + plural(left, "trial") + " left, " + p.said()
	}
	return ""
}

// judgedInjections holds sound trials with faults to their limits, each for
// itself.
func judgedInjections(s Scenario, sound []Evidence) []judged {
	trials := make([]judged, len(sound))
	for i, ev := range sound {
		t := judged{number: ev.Plan.Trial, ev: ev, m: Measure(ev)}
		if f, ok := judgeSafety(s, t); ok {
			t.findings = append(t.findings, f)
		}
		t.findings = append(t.findings, judgeLimits(s, t)...)
		trials[i] = t
	}
	return trials
}

// mayHold reports whether the test may still come to Holds within limit
// trials in all. A test in which too much is unclear is Refuted, and no longer
// called futile, although nothing is refuted by it.
func mayHold(test *slo.Sequential, limit float64) bool {
	return test.Decision() != slo.Refuted && !test.Futile(limit)
}
