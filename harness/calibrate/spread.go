package calibrate

import (
	"math"
	"slices"
	"time"
)

// Spread is how large a set of errors is. Everything is 0 when N is.
type Spread struct {
	N      int           `json:"n"`
	Median time.Duration `json:"medianNs"`
	// P99 is the smallest value that 99 % of all do not exceed: the largest of
	// fewer than 100.
	P99 time.Duration `json:"p99Ns"`
	Max time.Duration `json:"maxNs"`
}

// spreadOf looks at absolute values.
func spreadOf(errors []time.Duration) Spread {
	if len(errors) == 0 {
		return Spread{}
	}
	sorted := make([]time.Duration, len(errors))
	for i, e := range errors {
		sorted[i] = e.Abs()
	}
	slices.Sort(sorted)
	return Spread{N: len(sorted), Median: rank(sorted, .5), P99: rank(sorted, .99), Max: sorted[len(sorted)-1]}
}

// rank is the quantile q of sorted values by the nearest rank.
func rank(sorted []time.Duration, q float64) time.Duration {
	i := int(math.Ceil(q*float64(len(sorted)))) - 1
	return sorted[min(max(i, 0), len(sorted)-1)]
}
