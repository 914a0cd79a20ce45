package slo

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// maxTrials bounds every search for a number of trials: more requests than any
// run can send.
const maxTrials = 1 << 52

// AtMost is the probability of at most k failures in n independent trials that
// each fail with probability p. It is 1 for k >= n and 0 for k < 0. A p that is
// not a number shows nothing: 1.
//
// P(Bin(n,p) <= k) = I_{1-p}(n-k, k+1), the regularized incomplete beta
// function; DLMF 8.17.5.
func AtMost(k, n int, p float64) float64 {
	switch {
	case k < 0:
		return 0
	case k >= n || p <= 0 || math.IsNaN(p):
		return 1
	case p >= 1:
		return 0
	}
	return mathext.RegIncBeta(float64(n-k), float64(k+1), 1-p)
}

// AtLeast is the probability of at least k failures in n trials; 1-AtMost(k-1)
// without the cancellation: P(Bin(n,p) >= k) = I_p(k, n-k+1).
// It is 1 for k <= 0 and 0 for k > n. A p that is not a number shows nothing:
// 1.
func AtLeast(k, n int, p float64) float64 {
	switch {
	case k <= 0 || k <= n && math.IsNaN(p):
		return 1
	case k > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

// RequiredN is the smallest number of independent requests that shows, with k
// failures among them, that the error ratio is at most eps at the given
// one-sided confidence: the smallest n with P(Bin(n,eps) <= k) <= 1-confidence.
// For k=0 that is ceil(ln(1-confidence)/ln(1-eps)), the "rule of three".
//
// ok is false when no number is enough: eps or confidence outside (0,1), k < 0,
// or an answer beyond 2^52.
func RequiredN(eps, confidence float64, k int) (n int, ok bool) {
	if !inside(eps) || !inside(confidence) || k < 0 {
		return 0, false
	}
	alpha := 1 - confidence
	// AtMost(k, n, eps) falls as n grows.
	return firstTrue(k, func(n int) bool { return AtMost(k, n, eps) <= alpha })
}

// inside reports whether p lies in (0,1); NaN does not.
func inside(p float64) bool { return p > 0 && p < 1 && !math.IsNaN(p) }
