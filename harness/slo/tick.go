package slo

import "math"

// Tick is what happened in one tick of a regular clock: Good of Total, counted
// in requests or in user time. Total is 0 where nothing was to be had: such a
// tick takes no side.
type Tick struct {
	Good, Total float64
}

// ratio is Good/Total in [0,1]; ok is false when nothing was to be had.
func (t Tick) ratio() (ratio float64, ok bool) {
	if !(t.Total > 0) || !finite(t.Total) {
		return 0, false
	}
	return share(t.Good / t.Total), true
}

// sound is the tick with Good in [0, Total], and 0 of 0 where it cannot be.
func (t Tick) sound() Tick {
	ratio, ok := t.ratio()
	if !ok {
		return Tick{}
	}
	return Tick{Good: ratio * t.Total, Total: t.Total}
}

// Occurrences is the share of all that was good: the sum of Good over the sum
// of Total (OpenSLO v1, budgeting method Occurrences). ok is false when there
// was nothing.
func Occurrences(ticks []Tick) (ratio float64, ok bool) {
	var sum Tick
	for _, t := range ticks {
		t = t.sound()
		sum.Good, sum.Total = sum.Good+t.Good, sum.Total+t.Total
	}
	return sum.ratio()
}

// Timeslices is the share of ticks whose good share is at least target
// (OpenSLO v1, budgeting method Timeslices). Ticks with nothing take no side;
// ok is false when all are such, or target is not a number.
func Timeslices(ticks []Tick, target float64) (ratio float64, ok bool) {
	if math.IsNaN(target) {
		return 0, false
	}
	return overTicks(ticks, func(ratio float64) float64 {
		if ratio >= target {
			return 1
		}
		return 0
	})
}

// RatioTimeslices is the mean over ticks of their good share, each tick alike
// however much traffic it had (OpenSLO v1, budgeting method RatioTimeslices).
// Ticks with nothing take no side; ok is false when all are such.
func RatioTimeslices(ticks []Tick) (ratio float64, ok bool) {
	return overTicks(ticks, func(ratio float64) float64 { return ratio })
}

// overTicks is the mean of what the good shares of ticks count.
func overTicks(ticks []Tick, count func(ratio float64) float64) (mean float64, ok bool) {
	sum, n := 0.0, 0
	for _, t := range ticks {
		if ratio, ok := t.ratio(); ok {
			sum, n = sum+count(ratio), n+1
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}
