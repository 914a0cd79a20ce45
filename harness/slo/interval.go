package slo

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Interval is a range of probabilities, 0 <= Lo <= Hi <= 1.
type Interval struct {
	Lo, Hi float64
}

// ClopperPearson is the exact two-sided confidence interval of a failure
// probability after k failures in n trials (Clopper and Pearson, 1934):
// BetaInv(a/2; k, n-k+1) to BetaInv(1-a/2; k+1, n-k). It is [0,1] when nothing
// is known: n <= 0, or confidence outside (0,1).
func ClopperPearson(k, n int, confidence float64) Interval {
	if !inside(confidence) {
		return Interval{0, 1}
	}
	oneSided := 1 - (1-confidence)/2
	return Interval{LowerBound(k, n, oneSided), UpperBound(k, n, oneSided)}
}

// UpperBound is the exact one-sided upper confidence bound of a failure
// probability (Clopper-Pearson): 1 when k >= n or nothing is known. After n
// clean trials it is 1-(1-confidence)^(1/n).
func UpperBound(k, n int, confidence float64) float64 {
	if n <= 0 || k >= n || !inside(confidence) {
		return 1
	}
	k = max(k, 0)
	if k == 0 {
		return -math.Expm1(math.Log1p(-confidence) / float64(n))
	}
	return mathext.InvRegIncBeta(float64(k+1), float64(n-k), confidence)
}

// LowerBound is the exact one-sided lower confidence bound of a failure
// probability (Clopper-Pearson): 0 when k <= 0 or nothing is known.
func LowerBound(k, n int, confidence float64) float64 {
	if n <= 0 || k <= 0 || !inside(confidence) {
		return 0
	}
	if k >= n {
		return math.Pow(1-confidence, 1/float64(n))
	}
	return mathext.InvRegIncBeta(float64(k), float64(n-k+1), 1-confidence)
}

// Wilson is the two-sided score interval (Wilson, 1927). It is for display
// only and never for a claim: at k=0 its upper end is too low and would pass
// with fewer requests than the exact bound needs. [0,1] when nothing is known.
func Wilson(k, n int, confidence float64) Interval {
	if n <= 0 || !inside(confidence) {
		return Interval{0, 1}
	}
	size := float64(n)
	p := float64(min(max(k, 0), n)) / size
	z := -distuv.UnitNormal.Quantile((1 - confidence) / 2)
	scale := 1 + z*z/size
	centre := (p + z*z/(2*size)) / scale
	half := z / scale * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return Interval{max(0, centre-half), min(1, centre+half)}
}
