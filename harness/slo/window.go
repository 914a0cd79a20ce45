package slo

import "time"

// WorstWindow is the availability of the worst window of width consecutive
// ticks: the least sum of Good over sum of Total in any of them, the minimal
// cumulative ratio of windowed user-uptime (Hauer et al., NSDI 2020, MCR). at
// is the index of the first tick of that window. Windows in which nothing was
// to be had take no side. It takes one pass over running sums.
//
// A width beyond the ticks is all of them. ok is false for a width below 1 and
// when no window had anything.
func WorstWindow(ticks []Tick, width int) (ratio float64, at int, ok bool) {
	if width < 1 || len(ticks) == 0 {
		return 0, 0, false
	}
	width = min(width, len(ticks))
	// Prefix sums: window [i, i+width) is sums[i+width]-sums[i].
	sums := make([]Tick, len(ticks)+1)
	for i, t := range ticks {
		t = t.sound()
		sums[i+1] = Tick{sums[i].Good + t.Good, sums[i].Total + t.Total}
	}
	for i := 0; i+width <= len(ticks); i++ {
		end, begin := sums[i+width], sums[i]
		r, had := Tick{end.Good - begin.Good, end.Total - begin.Total}.ratio()
		if had && (!ok || r < ratio) {
			ratio, at, ok = r, i, true
		}
	}
	return ratio, at, ok
}

// WindowedAvailability is the availability of the worst window of a length.
type WindowedAvailability struct {
	Window time.Duration
	// Worst is the good share in it, in [0,1], and From where it begins after
	// the first tick.
	Worst float64
	From  time.Duration
}

// Windowed is WorstWindow for several lengths of window, each rounded up to
// whole ticks. A curve that is low already at long windows is flaky; one that
// is low only at short ones had one outage. Windows longer than all ticks, or
// without anything in them, are left out, as are all when tick is not
// positive.
func Windowed(ticks []Tick, tick time.Duration, windows ...time.Duration) []WindowedAvailability {
	var curve []WindowedAvailability
	for _, w := range windows {
		if tick <= 0 || w <= 0 || (w-1)/tick >= time.Duration(len(ticks)) {
			continue
		}
		if worst, at, ok := WorstWindow(ticks, int((w-1)/tick)+1); ok {
			curve = append(curve, WindowedAvailability{Window: w, Worst: worst, From: time.Duration(at) * tick})
		}
	}
	return curve
}
