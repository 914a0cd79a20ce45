package harness

import (
	"math"
	"slices"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// minBadSeconds is in how many distinct seconds requests must have failed before
// an objective is refuted: one failure among the first few requests is no
// evidence of anything.
const minBadSeconds = 3

// steadyProcess is the evidence about the requests of Baselines, gathered
// second by second in the order in which they were sent.
type steadyProcess struct {
	eps      float64
	rate     float64
	declared float64 // dispersion; 0 when the scenario declares none
	phi      float64
	checks   int
	counts   counts
	// seconds are those in which requests were sent, badSeconds those in which
	// any failed.
	seconds, badSeconds int
	carried             []Carried
	stopped             string
	test                *slo.Sequential
}

// newSteadyProcess counts the Baselines of trials, which must be sound (the
// last may still be running). All terms are those of the first trial.
//
// Failures come in episodes, so both counts are divided by φ: what the
// scenario declares, or what the episodes that were seen show if that is more.
// The φ of all that was seen holds from the first second on.
func newSteadyProcess(s Scenario, trials []Evidence) *steadyProcess {
	p := &steadyProcess{eps: slo.ErrorRatio(s.SLO.Availability), rate: s.Load.Rate, declared: s.SLO.Burst, checks: 1}
	var episodes []int
	for i, ev := range trials {
		if i == 0 {
			p.checks = max(1, ev.Terms.Checks)
			for _, c := range ev.Terms.Carried {
				if c.Requests > 0 {
					p.carried = append(p.carried, c)
					episodes = append(episodes, c.Episodes...)
				}
			}
		}
		episodes = append(episodes, baselineEpisodes(ev)...)
		if ev.End.Reason == Completed {
			p.stopped = ev.End.Detail
		}
	}
	p.phi = slo.Dispersion(p.declared, episodes)
	p.test = slo.NewSequential(slo.Rule{
		Unit: slo.Requests, Eps: p.eps, Alpha: alpha, Checks: p.checks, BadSeconds: minBadSeconds, Dispersion: p.phi,
	}, p.carriedEvidence())
	for _, ev := range trials {
		for _, c := range baselineSeconds(ev) {
			p.count(c)
			p.test.Add(float64(c.bad), float64(c.scheduled))
		}
	}
	return p
}

// count adds the requests of one second of this run.
func (p *steadyProcess) count(c counts) {
	p.counts.bad, p.counts.scheduled = p.counts.bad+c.bad, p.counts.scheduled+c.scheduled
	if c.scheduled > 0 {
		p.seconds++
	}
	if c.bad > 0 {
		p.badSeconds++
	}
}

// carriedEvidence multiplies the evidence at which earlier runs stopped.
func (p *steadyProcess) carriedEvidence() slo.Carried {
	var c slo.Carried
	for _, r := range p.carried {
		k, n := float64(r.Bad)/p.phi, float64(r.Requests)/p.phi
		c.LogPass += slo.LogEPass(k, n, p.eps)
		c.LogFail += slo.LogEFail(slo.Requests, k, n, p.eps)
		c.BadSeconds += r.BadSeconds
	}
	return c
}

func (p *steadyProcess) statistic() *Statistic {
	st := &Statistic{
		Trials: p.counts.scheduled, Failures: p.counts.bad, Allowed: p.eps,
		Dispersion: significant(p.phi), Declared: p.declared > 0, Checks: p.checks, Stopped: p.stopped,
	}
	for _, c := range p.carried {
		st.Carried = append(st.Carried, c.RunID)
	}
	st.pValues(p.test, p.test)
	return st
}

// baselineSeconds counts the Baseline's requests by the second in which they
// were to be sent, in order.
func baselineSeconds(ev Evidence) []counts {
	var all []counts
	var at time.Duration
	for _, t := range baselineTicks(ev, stageWindow(ev, Baseline)) {
		if second := t.From.Truncate(time.Second); len(all) == 0 || second != at {
			all, at = append(all, counts{}), second
		}
		last := &all[len(all)-1]
		last.bad, last.scheduled = last.bad+t.Bad, last.scheduled+t.Scheduled
	}
	return all
}

// longestEpisode is the largest share of a Baseline that one episode may take.
// What lasts longer is no single event but the state of the stack, and counts
// as often as it fits: else an endpoint that is down all the time would have
// failed once.
const longestEpisode = 0.1

// baselineEpisodes are the sizes of the episodes in which requests of the
// Baseline failed. Episodes are EpisodeGap apart, but where failures are so
// dense that independent ones would hardly ever be, a third of their mean
// distance is enough: otherwise a steady one percent at a high rate would be
// one endless episode, which proves nothing.
func baselineEpisodes(ev Evidence) []int {
	w := stageWindow(ev, Baseline)
	bad := 0
	for _, c := range baselineSeconds(ev) {
		bad += c.bad
	}
	if bad == 0 {
		return nil
	}
	gap := min(EpisodeGap, w.Length()/time.Duration(3*bad))
	var sizes []int
	for _, o := range mergeOutages(outagesIn(ev, w), gap) {
		parts := episodeParts(o, w)
		for i := range parts {
			sizes = append(sizes, o.Bad*(i+1)/parts-o.Bad*i/parts)
		}
	}
	return sizes
}

// episodeParts is as how many episodes an outage of the Baseline w counts.
func episodeParts(o Outage, w Window) int {
	longest := longestEpisode * float64(w.Length())
	if !(longest > 0) {
		return 1
	}
	return max(1, int(math.Ceil(float64(o.Length())/longest-1e-9)))
}

// hasLongEpisode reports whether an outage of the Baseline w counts as several
// episodes.
func hasLongEpisode(ev Evidence, w Window) bool {
	return slices.ContainsFunc(mergeOutages(outagesIn(ev, w), EpisodeGap), func(o Outage) bool { return episodeParts(o, w) > 1 })
}
