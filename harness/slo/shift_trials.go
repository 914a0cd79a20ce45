package slo

import (
	"math"
	"time"

	"github.com/aclements/go-moremath/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// ShiftP are two p-values that belong to HodgesLehmann. beyond is the smallest
// 1-confidence whose interval lies wholly above margin: a small one shows that
// the candidate takes longer by more than margin. within is the smallest
// whose interval does not reach above margin. Both are
//
//	min(1, 2 P(U <= k))
//
// with U of two arms that are alike and k the number of differences candidate -
// baseline that are at most margin, or above it: exactly the numbers with which
// HodgesLehmann counts. They are 1 where there is no pair.
func ShiftP(candidate, baseline []Observation, margin time.Duration) (beyond, within float64) {
	n, m := len(candidate), len(baseline)
	if n*m == 0 {
		return 1, 1
	}
	above := 0
	for _, x := range candidate {
		for _, y := range baseline {
			if between(x.value(), y.value()) > margin {
				above++
			}
		}
	}
	return min(1, 2*tailOfU(n, m, n*m-above)), min(1, 2*tailOfU(n, m, above))
}

// tailOfU is P(U <= k) of two arms that are alike, as in shiftOrder.
func tailOfU(n, m, k int) float64 {
	if max(n, m) <= stats.MannWhitneyExactLimit {
		return stats.UDist{N1: n, N2: m}.CDF(float64(k))
	}
	size := float64(n) * float64(m)
	return distuv.UnitNormal.CDF((float64(k) + .5 - size/2) / math.Sqrt(size*float64(n+m+1)/12))
}

// LeastForShift is the smallest number of trials of both arms with which
// HodgesLehmann has an interval with ends: 4 at 95 %. It is 0 for a confidence
// outside (0,1).
func LeastForShift(confidence float64) int {
	if !inside(confidence) {
		return 0
	}
	for n := 1; ; n++ {
		if c, _ := shiftOrder(n, n, confidence); c > 0 {
			return n
		}
	}
}

// TrialsToTell is about how many trials of candidate and baseline would tell on
// which side of margin the shift lies, if it is what it was estimated to be
// with n and m, when alpha in (0,1) is the two-sided error that is allowed. The
// interval's half-width falls with sqrt(1/n+1/m) (exact for a normal location
// shift, and in the limit for ranks), so where that suffices only the
// candidate gets more. s is at confidence, and a stricter alpha widens it by
// the ratio of the normal quantiles. ok is false when no finite number would:
// the ends of the interval are unbounded although both arms are large enough
// to have ends, or the estimate is the margin.
func (s Shift) TrialsToTell(margin time.Duration, n, m int, confidence, alpha float64) (candidate, baseline int, ok bool) {
	least := LeastForShift(1 - alpha)
	unbounded := s.Lo == -Never || s.Hi == Never || s.Estimate == Never || margin == Never
	if least == 0 || n < 1 || m < 1 || !inside(confidence) {
		return 0, 0, false
	}
	if unbounded {
		return max(n, least), max(m, least), min(n, m) < least
	}
	half := (float64(s.Hi) - float64(s.Lo)) / 2
	half *= max(1, distuv.UnitNormal.Quantile(1-alpha/2)/distuv.UnitNormal.Quantile((1+confidence)/2))
	room := math.Abs(float64(s.Estimate) - float64(margin))
	if room == 0 || half == 0 {
		return 0, 0, false
	}
	// 1/n'+1/m' has to be at most this.
	sum := (room / half) * (room / half) * (1/float64(n) + 1/float64(m))
	if only := sum - 1/float64(m); only > 0 && m >= least {
		if more := whole(1 / only); more <= 100*float64(m) {
			return max(n+1, least, int(more)), m, true
		}
	}
	both := whole(2 / sum)
	if both > 1e6 {
		return 0, 0, false
	}
	return max(n, least, int(both)), max(m, least, int(both)), true
}

// whole is the least whole number that is at least v, but for the rounding of
// v's last digits.
func whole(v float64) float64 { return math.Ceil(v - 1e-9) }
