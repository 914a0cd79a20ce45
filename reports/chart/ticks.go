package chart

import (
	"math"
	"time"
)

// timeSteps are the distances between time ticks that people read easily.
var timeSteps = [...]time.Duration{
	time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond,
	10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond,
	100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond,
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// TimeTicks returns at most limit multiples of one round step in [from, to].
// An inverted window or a limit below 1 gives none.
func TimeTicks(from, to time.Duration, limit int) []time.Duration {
	if to <= from || limit < 1 {
		return nil
	}
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if int64((to-from)/s)+1 <= int64(limit) {
			step = s
			break
		}
	}
	for int64((to-from)/step)+1 > int64(limit) {
		step *= 2
	}
	var ticks []time.Duration
	first := from / step * step
	if first < from {
		first += step
	}
	for t := first; t <= to; t += step {
		ticks = append(ticks, t)
	}
	return ticks
}

// DecadeTicks returns the powers of ten in [lo, hi], both > 0.
func DecadeTicks(lo, hi float64) []float64 {
	if lo <= 0 || hi < lo {
		return nil
	}
	var ticks []float64
	const slack = 1e-9
	for e := math.Ceil(math.Log10(lo) - slack); e <= math.Log10(hi)+slack; e++ {
		ticks = append(ticks, math.Pow(10, e))
	}
	return ticks
}
