package slo

import (
	"math"
	"time"
)

// rounded is a number of nanoseconds as a time: Never and -Never beyond what a
// time can hold, and Never for what is no number, which bounds nothing.
func rounded(nanoseconds float64) time.Duration {
	switch {
	case math.IsNaN(nanoseconds) || nanoseconds >= float64(Never):
		return Never
	case nanoseconds <= -float64(Never):
		return -Never
	}
	return time.Duration(math.Round(nanoseconds))
}

// plus is a+b for times that are not negative, Never where either is.
func plus(a, b time.Duration) time.Duration {
	if a > Never-b {
		return Never
	}
	return a + b
}
