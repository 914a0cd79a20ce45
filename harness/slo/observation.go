package slo

import (
	"math"
	"slices"
	"time"
)

// Never is a time beyond everything that was observed; -Never is before it.
const Never = time.Duration(math.MaxInt64)

// Observation is how long something took in one trial, say to recover.
type Observation struct {
	// After is the time it took, or when one stopped waiting; at least 0.
	After time.Duration `json:"afterNs"`
	// Censored says that it had not happened by then.
	Censored bool `json:"censored,omitempty"`
}

// Observed are the observations of times that were all reached.
func Observed(times ...time.Duration) []Observation {
	all := make([]Observation, len(times))
	for i, d := range times {
		all[i].After = d
	}
	return all
}

// value is the observation's time for comparisons by rank alone: Never when
// censored. All censored ones tie as the largest, which is exact when all
// trials waited equally long and nothing came later; sums and means of values
// have no meaning.
func (o Observation) value() time.Duration {
	if o.Censored {
		return Never
	}
	return o.After
}

// values are the sorted values of observations.
func values(all []Observation) []time.Duration {
	v := make([]time.Duration, len(all))
	for i, o := range all {
		v[i] = o.value()
	}
	slices.Sort(v)
	return v
}

// between is a-b where either may be Never: Never and Never differ by nothing.
func between(a, b time.Duration) time.Duration {
	switch {
	case a == b:
		return 0
	case a == Never:
		return Never
	case b == Never:
		return -Never
	}
	return a - b
}

// middle is the middle of sorted times: the mean of the two middle ones when
// their number is even, or the larger when one of them has no bound. It is
// Never of none.
func middle(sorted []time.Duration) time.Duration {
	n := len(sorted)
	if n == 0 {
		return Never
	}
	low, high := sorted[(n-1)/2], sorted[n/2]
	if high == Never || low == -Never {
		return high
	}
	return low + (high-low)/2
}
