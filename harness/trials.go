package harness

import (
	"fmt"

	"github.com/fournines/fournines/harness/slo"
)

// EnoughTrials says, after each trial of a scenario, why the run needs no more
// of them; "" to go on. trials are those that ended so far, all with the same
// Terms; planned is how many there are to be in all.
//
// It stops after a safety stop: the scenario has failed, and another trial
// would do the same harm again. It stops when the evidence is reached: of a
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
		if ev.End.Code == SafetyStop {
			return "a safety stop: another trial would do the same harm again"
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

// injectionTests hold the injections to a tier. What cannot be told counts
// against whoever claims something: as exceeding for holds, as clean for
// refuted.
type injectionTests struct {
	holds, refuted *slo.Sequential
	n, exceeding   int
	unclear        int
}

func newInjectionTests(s Scenario, sound []Evidence, tier Tier) *injectionTests {
	t := &injectionTests{}
	terms := sound[0].Terms
	rule := slo.Rule{Unit: slo.Injections, Eps: tier.Exceeding, Alpha: alpha, Checks: terms.Checks}
	var pessimist, optimist slo.Carried
	for _, c := range terms.Carried {
		n, worst, sure := float64(c.Injections), float64(c.Exceeding+c.Unclear), float64(c.Exceeding)
		pessimist.LogPass += slo.LogEPass(worst, n, tier.Exceeding)
		optimist.LogFail += slo.LogEFail(slo.Injections, sure, n, tier.Exceeding)
	}
	t.holds, t.refuted = slo.NewSequential(rule, pessimist), slo.NewSequential(rule, optimist)
	for _, ev := range sound {
		t.add(injectionOutcome(s, ev))
	}
	return t
}

func (t *injectionTests) add(o Outcome) {
	t.n++
	against, sure := 0., 0.
	switch o {
	case Pass:
	case Fail:
		t.exceeding++
		against, sure = 1, 1
	default:
		t.unclear++
		against = 1
	}
	t.holds.Add(against, 1)
	t.refuted.Add(sure, 1)
}

func enoughInjections(s Scenario, sound []Evidence, tier Tier, left int) string {
	t := newInjectionTests(s, sound, tier)
	limit := float64(t.n + left)
	sofar := fmt.Sprintf("%d of %s stayed within every limit", t.n-t.exceeding-t.unclear, plural(t.n, "injection"))
	switch {
	case t.refuted.Decision() == slo.Refuted:
		return "evidence reached: tier " + tier.Name + " is missed, " + sofar
	case t.holds.Decision() == slo.Holds:
		return "evidence reached: tier " + tier.Name + " holds, " + sofar
	case t.exceeding+t.unclear > 0 && !mayHold(t.holds, limit) && !t.refuted.Refutable(limit):
		return "futile: tier " + tier.Name + " cannot be decided any more with " + plural(left, "trial") + " left, " + sofar
	}
	return ""
}

// mayHold reports whether the test may still come to Holds within limit
// trials in all. A test in which too much is unclear is Refuted, and no longer
// called futile, although nothing is refuted by it.
func mayHold(test *slo.Sequential, limit float64) bool {
	return test.Decision() != slo.Refuted && !test.Futile(limit)
}
