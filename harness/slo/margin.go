package slo

import "time"

// Change is what a Shift says about a candidate against its baseline.
type Change uint8

const (
	// ChangeUnknown means that the interval reaches over the margin: more
	// trials would tell.
	ChangeUnknown Change = iota
	// Better means shorter: the whole interval is below 0.
	Better
	// NoWorse means longer by the margin at most.
	NoWorse
	// Worse means longer by more than the margin.
	Worse
)

// Margin is the change that nobody minds: floor, or relative times the median
// of the baseline if that is more. A negative part is 0; Never when the
// baseline's median was never reached.
func Margin(floor time.Duration, relative float64, baseline []Observation) time.Duration {
	margin := max(floor, 0)
	if len(baseline) == 0 || !(relative > 0) {
		return margin
	}
	median := middle(values(baseline))
	if median == Never {
		return Never
	}
	return max(margin, rounded(relative*float64(median)))
}

// Beyond judges the shift against a margin >= 0: Worse when Lo is above it,
// else NoWorse when Hi is at most the margin, and Better when Hi is even below
// 0; else ChangeUnknown. An end at Never bounds nothing.
func (s Shift) Beyond(margin time.Duration) Change {
	switch {
	case s.Lo > margin:
		return Worse
	case s.Hi == Never || s.Hi > margin:
		return ChangeUnknown
	case s.Hi < 0:
		return Better
	}
	return NoWorse
}

// Notable reports whether the candidate takes longer for sure, but not for
// sure by more than the margin: to be said, not to be failed.
func (s Shift) Notable(margin time.Duration) bool { return s.Lo > 0 && s.Lo <= margin }
