package harness

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// How a slice is cut and when it counts as down. A slice holds at least
// sliceEvents events at the scenario's rate, so that one stray failure is a
// failure and not an outage.
const (
	sliceEvents = 20
	sliceTarget = 0.95
	// longestSlice bounds the width for absurdly low rates.
	longestSlice = time.Hour
)

// tickAt is one tick with its place in the trial.
type tickAt struct {
	Window
	Tick
}

// slice is a run of ticks that is judged good or down as a whole.
type slice struct {
	Window
	Tick
}

// down reports whether too few of the slice's events were good. A slice
// without events takes no side.
func (s slice) down() bool {
	return s.Scheduled > 0 && 1-slo.Fraction(s.Bad, s.Scheduled) < sliceTarget
}

// judgedTicks returns the ticks of w in order of time; see Measure for those
// at its edges.
func judgedTicks(ev Evidence, w Window) []tickAt {
	if len(ev.Plan.Injections) == 0 {
		return baselineTicks(ev, w)
	}
	return ticksTouching(ev, w)
}

// baselineTicks returns the ticks of a Baseline w in order of time: those that
// lie in it from start to end, because its first tick is shared with the
// warm-up. Where nothing goes before it and nothing follows it has all ticks.
func baselineTicks(ev Evidence, w Window) []tickAt {
	if ev.Plan.Scenario.Stages.Steady == 0 && len(ev.Plan.Injections) == 0 {
		return ticksTouching(ev, w)
	}
	return ticksWithin(ev, w)
}

// ticksTouching returns the ticks that share time with w, in order.
func ticksTouching(ev Evidence, w Window) []tickAt {
	return ticksWhere(ev, func(t Window) bool { return overlaps(t, w) })
}

// ticksWithin returns the ticks that lie in w from start to end, in order.
func ticksWithin(ev Evidence, w Window) []tickAt {
	return ticksWhere(ev, func(t Window) bool { return t.From >= w.From && t.To <= w.To })
}

func ticksWhere(ev Evidence, belongs func(Window) bool) []tickAt {
	var ticks []tickAt
	for _, s := range ev.Seconds {
		for i, t := range s.Ticks {
			from := s.At + time.Duration(i)*TickWidth
			if w := (Window{from, from + TickWidth}); belongs(w) {
				ticks = append(ticks, tickAt{w, t})
			}
		}
	}
	slices.SortStableFunc(ticks, func(a, b tickAt) int { return cmp.Compare(a.From, b.From) })
	return ticks
}

// sliceTicks is the number of ticks in one slice: the smallest that holds
// sliceEvents events at the rate, in requests per second.
func sliceTicks(rate float64) int {
	perTick := rate * TickWidth.Seconds()
	if !(perTick > 0) {
		return 1
	}
	// The small subtraction forgives the rounding of rates like 66.7/s.
	n := math.Ceil(sliceEvents/perTick - 1e-9)
	return int(min(max(n, 1), float64(longestSlice/TickWidth)))
}

// cutSlices cuts ticks, which are in order, into slices of width ticks. A rest
// too short for a slice of its own belongs to the last one. A hole in the
// ticks ends a slice.
func cutSlices(ticks []tickAt, width int) []slice {
	var cut []slice
	held := 0 // ticks in the last slice
	for i, t := range ticks {
		hole := i > 0 && t.From != ticks[i-1].To
		if len(cut) == 0 || hole || held >= width && len(ticks)-i >= width {
			cut, held = append(cut, slice{Window: Window{t.From, t.From}}), 0
		}
		last := &cut[len(cut)-1]
		last.To = t.To
		last.Scheduled += t.Scheduled
		last.Bad += t.Bad
		held++
	}
	return cut
}

// sliceDowntime is the time in slices that were down (OpenSLO's Timeslices),
// each cut to the judged window. Its resolution is the widest slice.
func sliceDowntime(cut []slice, judged Window) Downtime {
	var d Downtime
	for _, s := range cut {
		d.Resolution = max(d.Resolution, s.Length())
		if s.down() {
			d.Total += intersect(s.Window, judged).Length()
		}
	}
	d.Availability = slo.Availability(d.Total, judged.Length())
	return d
}

// intersect is the time that a and b share; it may be empty or inverted.
func intersect(a, b Window) Window {
	return Window{max(a.From, b.From), min(a.To, b.To)}
}
