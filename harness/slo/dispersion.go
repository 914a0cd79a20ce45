package slo

import "math"

// Dispersion is φ, how many failures one independent failure stands for: the
// size-biased mean E[S²]/E[S] of the sizes of failure episodes, but at least
// what was declared and at least 1. Failures and trials are both divided by it
// before they are evidence: an episode, not a request, is what happens
// independently. For rare episodes it is the variance-to-mean ratio of counts
// (Fisher, 1950); verdict maths 3.5.
//
// Declare it from history: where nothing failed there is nothing to estimate
// it from. Sizes that are not positive are left out, as is a declared value
// that is not a number.
func Dispersion(declared float64, episodes []int) float64 {
	sum, squares := 0.0, 0.0
	for _, size := range episodes {
		if s := float64(size); s > 0 {
			sum += s
			squares += s * s
		}
	}
	phi := 1.0
	if declared > phi && !math.IsInf(declared, 1) {
		phi = declared
	}
	if sum > 0 {
		phi = max(phi, squares/sum)
	}
	return phi
}

// DesignEffect is by how much the variance of a mean grows when trials come in
// clusters of size m whose members correlate by rho: 1+(m-1)*rho (Kish, 1965).
// n trials are then worth n/DesignEffect. It is 1 for clusters of one or fewer
// and where rho is not in (0,1].
func DesignEffect(m, rho float64) float64 {
	if !(m > 1) || !(rho > 0 && rho <= 1) {
		return 1
	}
	return 1 + (m-1)*rho
}
