package slo

import "math"

// alternative is one likelihood ratio of a mixture, against a threshold:
// k failures in n trials multiply the evidence by
// weight * exp(k*failure + (n-k)*success).
type alternative struct {
	logWeight, failure, success float64
}

// against is the alternative "the failure probability is q" to the threshold
// eps, 0 <= q < 1, 0 < eps < 1: a failure counts ln(q/eps), a success
// ln(1-q)-ln(1-eps).
func against(q, eps, weight float64) alternative {
	return alternative{
		logWeight: math.Log(weight),
		failure:   math.Log(q / eps), // -Inf for q=0: a failure refutes it
		success:   math.Log1p(-q) - math.Log1p(-eps),
	}
}

// mixture is an e-process: a weighted sum of likelihood ratios. The weights
// add up to 1, so that it starts at 1.
type mixture []alternative

// log is the natural logarithm of the mixture's value after k failures in n
// trials, by log-sum-exp alone: it neither overflows nor underflows. Counts
// that are not 0 <= k <= n < +Inf, and an empty mixture, are no evidence: 0.
func (m mixture) log(k, n float64) float64 {
	if !counts(k, n) || n == 0 || len(m) == 0 {
		return 0
	}
	largest := math.Inf(-1)
	for _, a := range m {
		largest = max(largest, a.at(k, n))
	}
	sum := 0.0
	for _, a := range m {
		sum += math.Exp(a.at(k, n) - largest)
	}
	return largest + math.Log(sum)
}

func (a alternative) at(k, n float64) float64 {
	value := a.logWeight + (n-k)*a.success
	if k > 0 { // 0 * -Inf is no number
		value += k * a.failure
	}
	return value
}

// counts reports whether k failures in n trials can be.
func counts(k, n float64) bool {
	return k >= 0 && k <= n && !math.IsInf(n, 1)
}
