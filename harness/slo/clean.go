package slo

import "math"

// CleanTrials is the number of trials without a single failure after which the
// e-process of LogEPass claims, at the confidence, that at most eps of all
// trials fail. ok is false when eps or confidence lies outside (0,1), or the
// answer is beyond 2^52.
func CleanTrials(eps, confidence float64) (n int, ok bool) {
	return TrialsWith(0, eps, confidence)
}

// TrialsWith is the number of trials, k of them failures, after which LogEPass
// claims, at the confidence, that at most eps of all trials fail. It is what
// an early look costs: at eps=1e-4 34 049 clean requests instead of the 29 956
// of RequiredN. ok is false when k < 0, eps or confidence lies outside (0,1),
// or the answer is beyond 2^52.
func TrialsWith(k int, eps, confidence float64) (n int, ok bool) {
	if k < 0 || !inside(eps) || !inside(confidence) {
		return 0, false
	}
	failures, need, m := float64(k), -math.Log1p(-confidence), passMixture(eps)
	return firstTrue(k, func(n int) bool { return m.log(failures, float64(n)) >= need })
}

// SuccessRun is the number of clean trials that shows, at a confidence fixed
// before looking, that at least the share reliability of all trials is clean:
// ceil(ln(1-confidence)/ln(reliability)), the success-run theorem, which is
// RequiredN with no failure. ok is false when either lies outside (0,1).
func SuccessRun(reliability, confidence float64) (n int, ok bool) {
	if !inside(reliability) {
		return 0, false
	}
	return RequiredN(ErrorRatio(reliability), confidence, 0)
}

// firstTrue is the smallest n > low for which holds is true, where holds stays
// true once it is; it doubles, then bisects. ok is false beyond 2^52.
func firstTrue(low int, holds func(n int) bool) (n int, ok bool) {
	high := low + 1
	for !holds(high) {
		if high > maxTrials/2 {
			return 0, false
		}
		high *= 2
	}
	for high-low > 1 {
		middle := low + (high-low)/2
		if holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true
}
