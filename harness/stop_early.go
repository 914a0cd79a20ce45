package harness

import (
	"slices"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// leastBaseline is how long a Baseline lasts at least before it is stopped
// because the objective holds: a run always looks at its stack for a while,
// however much earlier runs have shown.
const leastBaseline = 10 * time.Second

// Why a run is stopped early.
const (
	enoughHolds   = "evidence reached: the objective holds"
	enoughRefuted = "evidence reached: the objective is missed"
	futile        = "futile: the objective cannot be shown any more in the time that is left"
)

// StopEarly stops the Baseline of a trial of s as soon as its requests decide
// the availability, together with those of the earlier trials of the run and
// those of earlier runs (Terms.Carried). It also stops when they cannot decide
// any more: when the rest of this Baseline and the Baselines planned after it,
// which last later in all, are too short to show that the objective holds,
// even if no more request fails, and too short to show that it is missed, if
// requests go on to fail as they did. A length that was too short from the
// start stops nothing: somebody chose it.
//
// A trial that is invalid as it stands, because the load generator is late,
// goes on. An availability by time slices is not stopped early.
func StopEarly(s Scenario, earlier []Evidence, later time.Duration) StopRule {
	if len(s.Faults) > 0 || s.SLO.Timeslices != nil || !(s.SLO.Availability > 0) {
		return func(Look) string { return "" }
	}
	w := &steadyWatch{scenario: s, earlier: soundTrials(earlier), later: later}
	return w.look
}

// steadyWatch is a steadyProcess that grows with the trial: what a look costs
// does not, unless something failed since the last one.
type steadyWatch struct {
	scenario Scenario
	earlier  []Evidence
	later    time.Duration

	process *steadyProcess
	// seconds and outages are how many of the evidence are counted.
	seconds, outages int
	// settled is true when the episodes stay what they are until something
	// fails: all of them are counted, none is too long to be one, and the gap
	// between them is the full one (see baselineEpisodes).
	settled bool
	// short is true when the planned length was never long enough.
	short bool
}

func (w *steadyWatch) look(l Look) string {
	w.count(l.Evidence)
	p := w.process
	limit := float64(p.counts.scheduled) + w.scenario.Load.Rate*(l.Left+w.later).Seconds()
	switch decision := p.test.Decision(); {
	case decision != slo.Undecided && !keptSchedule(l):
		return "" // as it stands the trial is invalid and decides nothing
	case decision == slo.Refuted:
		return enoughRefuted
	case decision == slo.Holds && stageWindow(l.Evidence, Baseline).Length() >= leastBaseline:
		return enoughHolds
	case p.counts.bad == 0:
		w.short = p.test.Futile(limit)
	case !w.short && p.test.Futile(limit) && !p.mayBeRefuted(limit):
		return futile
	}
	return ""
}

// count brings the process to what Judge would make of ev. Failures change the
// dispersion, and with it what every second before them says: then all is
// counted anew.
func (w *steadyWatch) count(ev Evidence) {
	if n := len(ev.Outages); !w.settled || n != w.outages || n > 0 && ev.Outages[n-1].Open {
		w.process = newSteadyProcess(w.scenario, append(slices.Clip(w.earlier), ev))
		w.seconds, w.outages = len(ev.Seconds), n
		counted := stageWindow(ev, Baseline)
		w.settled = counted.Length() >= EpisodeGap*time.Duration(3*w.process.counts.bad) &&
			(n == 0 || ev.Outages[n-1].To <= counted.To && !hasLongEpisode(ev, counted))
		return
	}
	fresh := ev
	fresh.Seconds = ev.Seconds[w.seconds:]
	w.seconds = len(ev.Seconds)
	p := w.process
	for _, c := range baselineSeconds(fresh) {
		p.count(c)
		p.test.Add(float64(c.bad), float64(c.scheduled))
	}
}

// mayBeRefuted reports whether the objective would be refuted within limit
// requests in all if they went on to fail at the rate seen so far, in as many
// seconds as it takes.
func (p *steadyProcess) mayBeRefuted(limit float64) bool {
	ahead := slo.NewSequential(p.rule(), p.carriedEvidence())
	ahead.Add(p.counts.fraction()*limit, limit)
	return ahead.Decision() == slo.Refuted
}

// rule is that of the process, without its guard against failures in too few
// seconds.
func (p *steadyProcess) rule() slo.Rule {
	return slo.Rule{Unit: slo.Requests, Eps: p.eps, Alpha: alpha, Checks: p.checks, Dispersion: p.phi}
}

// keptSchedule reports whether the load generator was healthy until now. The
// seconds of a Look have no lag of their own; those of whole evidence have.
func keptSchedule(l Look) bool {
	lag := max(l.LagP99, generatorHealth(l.Evidence).LagP99)
	return lag <= maxLagP99 && len(l.Evidence.Problems) == 0
}

// soundTrials are those that are evidence at all.
func soundTrials(trials []Evidence) []Evidence {
	var sound []Evidence
	for _, ev := range trials {
		if len(preconditions(judged{ev: ev, m: Measure(ev)})) == 0 {
			sound = append(sound, ev)
		}
	}
	return sound
}
