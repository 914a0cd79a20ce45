package slo

// Decision is what trials say about the statement "at most eps of all trials
// fail".
type Decision uint8

const (
	// Undecided means that the requests are too few to say.
	Undecided Decision = iota
	// Holds means that the statement is shown at the confidence.
	Holds
	// Refuted means that its opposite is shown at the confidence.
	Refuted
)

// Decide judges k failures in n requests against eps: Holds when the one-sided
// Clopper-Pearson upper bound is at most eps, Refuted when the lower bound is
// above it. Both are decided by the exact tail probabilities that define the
// bounds, so that the answer changes exactly at RequiredN.
//
// n must have been fixed before looking: asking again after every request
// inflates both errors to about 20 %. eps <= 0 is never shown and is refuted
// by any failure; eps >= 1 always holds. n <= 0 is Undecided.
func Decide(k, n int, eps, confidence float64) Decision {
	alpha := 1 - confidence
	switch {
	case n <= 0 || !inside(confidence):
		return Undecided
	case eps >= 1:
		return Holds
	case eps <= 0 && k > 0:
		return Refuted
	case eps <= 0:
		return Undecided
	case AtMost(k, n, eps) <= alpha:
		return Holds
	case AtLeast(k, n, eps) < alpha:
		return Refuted
	}
	return Undecided
}
