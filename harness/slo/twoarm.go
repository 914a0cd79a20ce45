package slo

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// LogETwoArm is the natural logarithm of the evidence that candidate and
// baseline do not fail equally often, after s1 failures of the candidate and
// s2 of the baseline (Lindon and Malek, 2022):
//
//	E = B(1+s1, 1+s2) / (B(1,1) * theta^s1 * (1-theta)^s2)
//
// with theta in (0,1) the candidate's share of the exposure, .5 for arms of
// equal length. Under equal rates s1 of s1+s2 is binomial with theta however
// both drift together, so E >= 20 refutes them at 95 %, whenever one looks.
// Count episodes, not requests. Counts that are negative or no finite number,
// and theta outside (0,1), are no evidence: 0.
func LogETwoArm(s1, s2, theta float64) float64 {
	if !arms(s1, s2, theta) {
		return 0
	}
	return logBeta(1+s1, 1+s2) - s1*math.Log(theta) - s2*math.Log1p(-theta)
}

// LogEWorse is the evidence that the candidate fails more often than the
// baseline: LogETwoArm with its uniform prior cut off below theta, so that a
// candidate that fails less often than the baseline is no evidence against it:
//
//	E = int_theta^1 p^s1 (1-p)^s2 dp / ((1-theta) * theta^s1 * (1-theta)^s2)
//
// Exchange the arms, and theta for 1-theta, for the evidence that it fails
// less often.
func LogEWorse(s1, s2, theta float64) float64 {
	if !arms(s1, s2, theta) {
		return 0
	}
	// The share of the posterior Beta(1+s1, 1+s2) above theta.
	above := mathext.RegIncBeta(1+s2, 1+s1, 1-theta)
	if above > 1e-200 {
		return LogETwoArm(s1, s2, theta) + math.Log(above) - math.Log1p(-theta)
	}
	// Far above the mode the share underflows while the ratio does not: it is
	// theta/(1+s2) * 2F1(1, 2+s1+s2; 2+s2; 1-theta), a series that falls from
	// its first term on (DLMF 8.17.8).
	sum, term := 0.0, 1.0
	for i := 0.0; term > sum*1e-17; i++ {
		sum += term
		term *= (1 - theta) * (2 + s1 + s2 + i) / (2 + s2 + i)
	}
	return math.Log(sum) + math.Log(theta) - math.Log1p(s2)
}

// arms reports whether failures can be so many and theta so large.
func arms(s1, s2, theta float64) bool {
	return s1 >= 0 && s2 >= 0 && finite(s1) && finite(s2) && inside(theta)
}

// logBeta is ln B(a,b) for a, b > 0.
func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}
