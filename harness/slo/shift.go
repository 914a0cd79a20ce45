package slo

import (
	"math"
	"slices"
	"time"

	"github.com/aclements/go-moremath/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Shift is by how much longer a candidate takes than its baseline; negative is
// shorter. Never and -Never are ends that the observations do not bound.
type Shift struct {
	Estimate, Lo, Hi time.Duration
	// Confidence is the true two-sided confidence of [Lo, Hi], at least what
	// was asked for; 1 where the interval is everything.
	Confidence float64
}

// HodgesLehmann is the median of all differences candidate - baseline and the
// interval between the C-th smallest and the C-th largest of them, where C is
// the largest number with P(U <= C-1) <= (1-confidence)/2 for the Mann-Whitney
// U of two arms that are alike (Hodges and Lehmann, 1963; Moses, 1965). C is
// exact up to 50 per arm and beyond that from the normal approximation,
// rounded down. Censored observations are as in MannWhitney: tied and larger
// than all.
//
// Arms too small for the confidence (3 against 3 at 95 %) have no finite
// interval: [-Never, Never]. Without any pair the estimate is 0 in that
// interval, as it is for a confidence outside (0,1).
func HodgesLehmann(candidate, baseline []Observation, confidence float64) Shift {
	shift := Shift{Lo: -Never, Hi: Never, Confidence: 1}
	pairs := len(candidate) * len(baseline)
	if pairs == 0 || !inside(confidence) {
		return shift
	}
	differences := make([]time.Duration, 0, pairs)
	for _, x := range candidate {
		for _, y := range baseline {
			differences = append(differences, between(x.value(), y.value()))
		}
	}
	slices.Sort(differences)
	shift.Estimate = middle(differences)
	c, tail := shiftOrder(len(candidate), len(baseline), confidence)
	if c > 0 {
		shift.Lo, shift.Hi = differences[c-1], differences[pairs-c]
		shift.Confidence = 1 - 2*tail
	}
	return shift
}

// shiftOrder is C of HodgesLehmann and P(U <= C-1).
func shiftOrder(n, m int, confidence float64) (c int, tail float64) {
	alpha := (1 - confidence) / 2
	size := float64(n) * float64(m)
	if max(n, m) > stats.MannWhitneyExactLimit {
		spread := math.Sqrt(size * float64(n+m+1) / 12)
		c = max(int(math.Floor(size/2+distuv.UnitNormal.Quantile(alpha)*spread)), 0)
		return c, distuv.UnitNormal.CDF((float64(c) - .5 - size/2) / spread)
	}
	u := stats.UDist{N1: n, N2: m}
	// P(U <= c-1) <= alpha for c in [0, low] and not for high.
	low, high := 0, n*m+1
	for high-low > 1 {
		if half := low + (high-low)/2; u.CDF(float64(half-1)) <= alpha {
			low = half
		} else {
			high = half
		}
	}
	if low == 0 {
		return 0, 0
	}
	return low, u.CDF(float64(low - 1))
}
