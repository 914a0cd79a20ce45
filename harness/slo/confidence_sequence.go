package slo

import "math"

// ConfidenceSequence is the interval of failure probabilities that neither
// LogEPass nor LogEFail has refuted after k failures in n trials: every eps
// with both E < 1/(1-confidence). Each end holds at the confidence, at all
// times at once: it may be looked at after every trial (Howard et al., 2021),
// and is wider than ClopperPearson for that.
//
// The evidence to pass rises with eps and the evidence to fail falls with it
// up to k/n and is below 1 from there, so each end is one bisection; ends are
// found to one part in 10^9. It is [0,1] when nothing is known: counts that
// are not 0 <= k <= n, n = 0, or confidence outside (0,1).
func ConfidenceSequence(unit Unit, k, n, confidence float64) Interval {
	if !counts(k, n) || n == 0 || !inside(confidence) {
		return Interval{0, 1}
	}
	need := -math.Log1p(-confidence)
	return Interval{
		Lo: edge(k/n, func(eps float64) bool { return LogEFail(unit, k, n, eps) < need }),
		Hi: edge(1, func(eps float64) bool { return LogEPass(k, n, eps) >= need }),
	}
}

// edge is the smallest probability up to high for which holds is true, where
// holds stays true above it; 1 when there is none. Below 1e-18 it is 0.
func edge(high float64, holds func(eps float64) bool) float64 {
	const smallest = 1e-18
	high = min(high, 1-1e-15)
	if high <= smallest || holds(smallest) {
		return 0
	}
	if !holds(high) {
		return 1
	}
	low := smallest
	for high/low > 1+1e-9 {
		if middle := math.Sqrt(low) * math.Sqrt(high); holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}
