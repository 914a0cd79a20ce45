package harness

import (
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// EpisodeGap is the clean time that separates two episodes of failure: outages
// closer together are one.
const EpisodeGap = time.Second

// Measure turns the evidence of one trial into numbers. It is pure and total:
// evidence that is cut short, empty or contradictory gives a Measurement
// without NaN, and Judge decides what it is worth.
//
// The judged window is Disruption and Recovery when the plan has injections
// and Baseline when it has none. Counts come in ticks of TickWidth: a window
// with a fault includes the ticks at its edges, so that no failure is lost;
// a Baseline leaves them out, so that none of the warm-up is counted, unless
// there is no warm-up and no fault: then all that was sent is judged. Latency
// and classes come in whole seconds: all those that overlap the window.
func Measure(ev Evidence) Measurement {
	judged := judgedWindow(ev)
	ticks := judgedTicks(ev, judged)
	m := Measurement{Trial: ev.Plan.Trial, Judged: judged}
	for _, t := range ticks {
		m.Scheduled += t.Scheduled
		m.Bad += t.Bad
	}
	m.FailedFraction = slo.Fraction(m.Bad, m.Scheduled)
	m.NotSent, m.Classes = classesIn(ev, judged)
	m.Outages = outagesIn(ev, judged)
	m.Episodes = mergeOutages(m.Outages, EpisodeGap)
	slices := cutSlices(ticks, sliceTicks(ev.Plan.Scenario.Load.Rate))
	m.SliceDowntime = sliceDowntime(slices, judged)
	m.Worst = worstWindows(ticks)
	m.OutageDowntime = outageDowntime(m.Outages, judged, ev.Plan.Scenario.Load.Rate)
	answers := latencyIn(ev, judged)
	m.Latency, m.Answered = latencyQuantiles(answers), int(answers.Count())
	m.Shares = sharesIn(ev)
	m.Recovery = measureRecovery(ev, judged, slices)
	m.Writes = ev.Ledger
	m.Generator = generatorHealth(ev)
	m.Probers = proberMeasurements(ev, judged)
	return m
}

// judgedWindow is what the trial is about; empty when the trial ended before.
func judgedWindow(ev Evidence) Window {
	if len(ev.Plan.Injections) == 0 {
		return stageWindow(ev, Baseline)
	}
	return stageWindow(ev, Disruption, Recovery)
}

// stageWindow spans the given stages. A stage that was left open because the
// trial was killed lasts until the last second of load.
func stageWindow(ev Evidence, stages ...Stage) Window {
	var span Window
	found := false
	for _, want := range stages {
		for _, r := range ev.Stages {
			if r.Stage != want {
				continue
			}
			w := r.Window
			if w.To <= w.From && ev.End.Reason == Killed {
				w.To = max(w.From, lastSecondEnd(ev))
			}
			w.To = max(w.From, w.To)
			if !found {
				span, found = w, true
			}
			span.From, span.To = min(span.From, w.From), max(span.To, w.To)
		}
	}
	return span
}

// loadWindow is the time in which load should have run: from the start of the
// first stage to the end of the last.
func loadWindow(ev Evidence) Window {
	return stageWindow(ev, Steady, Baseline, Disruption, Recovery)
}

// lastSecondEnd is the end of the last second that was recorded; 0 when none.
func lastSecondEnd(ev Evidence) time.Duration {
	var end time.Duration
	for _, s := range ev.Seconds {
		end = max(end, s.At+time.Second)
	}
	return end
}

// overlaps reports whether two windows share any time.
func overlaps(a, b Window) bool { return a.From < b.To && b.From < a.To }

// secondWindow is the time that a Second is about.
func secondWindow(s Second) Window { return Window{s.At, s.At + time.Second} }

// classesIn sums what went wrong in the seconds that overlap w. Events that
// were never sent are counted apart.
func classesIn(ev Evidence, w Window) (notSent int, classes map[Class]int) {
	for _, s := range ev.Seconds {
		if !overlaps(secondWindow(s), w) {
			continue
		}
		for class, n := range s.Classes {
			if class == NotSent {
				notSent += n
				continue
			}
			if classes == nil {
				classes = map[Class]int{}
			}
			classes[class] += n
		}
	}
	return notSent, classes
}
