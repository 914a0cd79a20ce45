package harness

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// sliceCounts are time slices and how many of them were bad.
type sliceCounts struct {
	bad, total int
	// rest is the longest time at the end of a Baseline that was too short for
	// a slice of its own.
	rest time.Duration
}

// steadySlices is steadyState for an availability that is a share of good time
// slices. Each Baseline is cut into whole slices from its start; what remains
// is no slice, and one in which nothing was scheduled takes no side: OpenSLO
// leaves both open. The slices of all sound trials are held to the objective
// by evidence that may be looked at at any time.
func steadySlices(s Scenario, sound []judged) (f Finding, ok bool) {
	if !(s.SLO.Availability > 0) || len(sound) == 0 {
		return Finding{}, false
	}
	eps := slo.ErrorRatio(s.SLO.Availability)
	test := slo.NewSequential(slo.Rule{Unit: unitOfSlices(eps), Eps: eps, Alpha: 1 - Confidence}, slo.Carried{})
	var c sliceCounts
	for _, t := range sound {
		c.addBaseline(t.ev, *s.SLO.Timeslices, test)
	}
	if c.total == 0 && len(s.Faults) > 0 {
		return Finding{}, false
	}
	window := formatDuration(s.SLO.Timeslices.Window)
	f = Finding{
		Check: "steady-state", Stage: Baseline, Advisory: len(s.Faults) > 0, Confidence: Confidence,
		Measured:      fmt.Sprintf("%s of %s bad", formatCount(c.bad), plural(c.total, "slice")),
		MeasuredValue: number(slo.Fraction(c.bad, c.total)),
		Limit:         "≤ " + exactPercent(eps), LimitValue: number(eps),
		Resolution: "slices of " + window,
	}
	clause := fmt.Sprintf("%s of %s of %s had less than %s good requests", formatCount(c.bad), plural(c.total, "slice"), window, exactPercent(s.SLO.Timeslices.Target))
	allowed := fmt.Sprintf("%s of all slices may", exactPercent(eps))
	switch test.Decision() {
	case slo.Holds:
		f.Outcome = Pass
		f.Reason = sentence(fmt.Sprintf("%s; at %s confidence no more than the %s", clause, exactPercent(Confidence), allowed))
	case slo.Refuted:
		f.Outcome, f.Code = Fail, ErrorRatioHigh
		f.Reason = sentence(fmt.Sprintf("%s; at %s confidence more than the %s", clause, exactPercent(Confidence), allowed))
	default:
		f.Outcome, f.Code = Inconclusive, TooFewSlices
		f.Reason = sentence(fmt.Sprintf("%s, too few to say whether no more than the %s", clause, allowed))
		f.Needs = moreSlices(test, s.SLO.Timeslices.Window)
	}
	if c.rest > 0 {
		f.Reason += fmt.Sprintf(" Up to %s at the end of a trial made no whole slice.", formatDuration(c.rest))
	}
	return f, true
}

// unitOfSlices is which alternatives to eps are looked for: multiples of it,
// as for requests, unless it is so large that there are none.
func unitOfSlices(eps float64) slo.Unit {
	if eps > .2 {
		return slo.Injections
	}
	return slo.Requests
}

// TooFewSlices is the reason for Inconclusive when an availability is a share
// of time slices.
const TooFewSlices Code = "TOO_FEW_SLICES"

func moreSlices(test *slo.Sequential, window time.Duration) string {
	more, ok := test.CleanToHold()
	if !ok {
		return "a lower objective: no number of slices proves this one"
	}
	needs := plural(more, "more slice") + " without a bad one"
	// A wait that no duration can hold is not worth a number.
	if float64(more)*window.Hours() < 24*365 {
		needs += ", about " + formatDuration(time.Duration(more)*window)
	}
	return needs
}

// addBaseline counts the whole slices of one Baseline and adds each to test.
func (c *sliceCounts) addBaseline(ev Evidence, cut Timeslices, test *slo.Sequential) {
	w := stageWindow(ev, Baseline)
	ticks := baselineTicks(ev, w)
	for from := w.From; from < w.To; from += cut.Window {
		if from+cut.Window > w.To {
			c.rest = max(c.rest, w.To-from)
			return
		}
		var in Tick
		for ; len(ticks) > 0 && ticks[0].From < from+cut.Window; ticks = ticks[1:] {
			in.Scheduled += ticks[0].Scheduled
			in.Bad += ticks[0].Bad
		}
		if in.Scheduled == 0 {
			continue
		}
		bad := 0
		if slo.Fraction(in.Scheduled-in.Bad, in.Scheduled) < cut.Target {
			bad = 1
		}
		c.bad, c.total = c.bad+bad, c.total+1
		test.Add(float64(bad), 1)
	}
}
