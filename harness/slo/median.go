package slo

import (
	"time"

	"github.com/aclements/go-moremath/stats"
)

// Median is the middle of times with its confidence interval. Never and -Never
// are what the observations do not bound.
type Median struct {
	Estimate, Lo, Hi time.Duration
	// Confidence is the true confidence of [Lo, Hi]; 1 where that is
	// everything.
	Confidence float64
}

// MedianOf is the median of a sample and the interval between two of its order
// statistics that holds the median of what it was drawn from at the
// confidence, whatever the distribution (Thompson, 1936): the number of
// observations below the median is binomial with 1/2, from 31 observations on
// nearly normal. At 95 % it takes 6 observations to bound both ends. Censored observations are the
// largest: the estimate holds while fewer than half are. Of none, or where
// confidence is outside (0,1), nothing is bounded.
func MedianOf(sample []Observation, confidence float64) Median {
	sorted := values(sample)
	m := Median{Estimate: middle(sorted), Lo: -Never, Hi: Never, Confidence: 1}
	if len(sorted) == 0 || !inside(confidence) {
		return m
	}
	n := len(sorted)
	ends := stats.QuantileCI(n, .5, confidence)
	below, above := 0.0, 0.0
	if ends.LoOrder >= 1 {
		m.Lo, below = sorted[ends.LoOrder-1], AtMost(ends.LoOrder-1, n, .5)
	}
	if ends.HiOrder <= n {
		m.Hi, above = sorted[ends.HiOrder-1], AtLeast(ends.HiOrder, n, .5)
	}
	m.Confidence = 1 - below - above
	return m
}
