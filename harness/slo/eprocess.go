package slo

import "math"

// LogEPass is the natural logarithm of the evidence that the failure
// probability is below eps, after k failures in n trials: a mixture of
// likelihood ratios
//
//	E = sum_j w_j * exp(k*ln(q_j/eps) + (n-k)*(ln(1-q_j)-ln(1-eps)))
//
// with every q_j below eps, so that E is a supermartingale for every true
// probability at or above eps: its expectation is linear in the probability,
// 1 at eps and falling. By Ville's inequality (Ville, 1939) the statement may
// be claimed at confidence c as soon as E >= 1/(1-c), whenever one looks.
// q/eps is 0, .1, .25, .5 with weights .4, .2, .2, .2: made for a few hundred
// thousand requests at eps=1e-4. k and n need not be whole: correlated
// failures are divided by their Dispersion.
//
// eps must lie in (0,1) and 0 <= k <= n; otherwise there is no evidence: 0.
func LogEPass(k, n, eps float64) float64 { return passMixture(eps).log(k, n) }

// LogEFail is the natural logarithm of the evidence that the failure
// probability is above eps, after k failures in n trials of a unit: the mirror
// image of LogEPass with every alternative above eps, a supermartingale for
// every true probability at or below eps. For Requests the alternatives are 2,
// 5, 20, 100, 1000 and 5000 times eps but at most .5, for Injections eps plus
// .25, .5, .75 and .95 of what is left to 1; all weigh the same.
//
// eps must lie in (0,1) and 0 <= k <= n; otherwise there is no evidence: 0.
func LogEFail(unit Unit, k, n, eps float64) float64 { return unit.failMixture(eps).log(k, n) }

// Unit is what one trial is.
type Unit uint8

const (
	// Requests are many and fail seldom: an error ratio is judged.
	Requests Unit = iota
	// Injections are few: the share that stays within its limits is judged.
	Injections
)

// passMixture holds the alternatives below eps; none when eps is outside (0,1).
func passMixture(eps float64) mixture {
	if !inside(eps) {
		return nil
	}
	return mixture{
		against(0, eps, .4),
		against(.1*eps, eps, .2),
		against(.25*eps, eps, .2),
		against(.5*eps, eps, .2),
	}
}

// failMixture holds the alternatives above eps; none when eps is outside
// (0,1). An alternative that the cap pushes down to eps always weighs 1: it
// says nothing and is still valid.
func (u Unit) failMixture(eps float64) mixture {
	if !inside(eps) {
		return nil
	}
	below1 := math.Nextafter(1, 0) // a 1 by rounding would be refuted by a success
	var m mixture
	if u == Injections {
		for _, share := range [...]float64{.25, .5, .75, .95} {
			m = append(m, against(max(min(eps+share*(1-eps), below1), eps), eps, 1./4))
		}
		return m
	}
	for _, times := range [...]float64{2, 5, 20, 100, 1000, 5000} {
		m = append(m, against(max(min(times*eps, .5), eps), eps, 1./6))
	}
	return m
}

// AnytimeP is the p-value that a largest logarithm of evidence stands for:
// min(1, 1/max E). It may be looked at at any time (Ville, 1939). Not a number
// is no evidence: 1.
func AnytimeP(logMaxE float64) float64 {
	if !(logMaxE > 0) {
		return 1
	}
	return math.Exp(-logMaxE)
}
