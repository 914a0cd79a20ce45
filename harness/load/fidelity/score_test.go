package fidelity

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// tolerance is how far from its moment a request may be to count as in time.
const tolerance = time.Millisecond

// score is how well a series of requests kept to its schedule.
type score struct {
	// n is the number of requests.
	n int
	// within is the share that was off by tolerance at most, in [0,1].
	within float64
	// p50, p99 and max are of the distances from the schedule.
	p50, p99, max time.Duration
}

// scoreLags scores lags against the schedule itself. A negative lag is as far
// off as a positive one. The zero score is that of no requests.
func scoreLags(lags []time.Duration) score {
	if len(lags) == 0 {
		return score{}
	}
	off := make([]time.Duration, len(lags))
	in := 0
	for i, lag := range lags {
		off[i] = lag.Abs()
		if off[i] <= tolerance {
			in++
		}
	}
	slices.Sort(off)
	rank := func(q float64) time.Duration { return off[int(q*float64(len(off)-1))] }
	return score{n: len(off), within: float64(in) / float64(len(off)), p50: rank(.5), p99: rank(.99), max: off[len(off)-1]}
}

// scoreArrivals scores arrivals against a schedule of rate per second whose
// start is not known: what all have in common, the median of their distances,
// is taken for the way and not held against them. A request is compared with
// its own moment, so that one which is overtaken by others is late all the
// same; one that does not tell its number is compared with none.
func scoreArrivals(arrivals []arrival, rate float64) score {
	var lags []time.Duration
	for _, a := range arrivals {
		if a.seq >= 0 {
			lags = append(lags, a.at.Sub(arrivals[0].at)-time.Duration(float64(a.seq)/rate*float64(time.Second)))
		}
	}
	if len(lags) == 0 {
		return score{}
	}
	sorted := slices.Sorted(slices.Values(lags))
	middle := sorted[len(sorted)/2]
	for k := range lags {
		lags[k] -= middle
	}
	return scoreLags(lags)
}

// scoreOrder scores arrivals as scoreArrivals does, but by their order and not
// by their numbers: the k-th is compared with the k-th moment. It takes the same
// of every generator, and overtaking costs nothing. Of the due requests those
// that are missing count as out of time, and so do those beyond.
func scoreOrder(arrivals []arrival, rate float64, due int) score {
	inOrder := slices.SortedFunc(slices.Values(arrivals), func(a, b arrival) int { return a.at.Compare(b.at) })
	for k := range inOrder {
		inOrder[k].seq = k
	}
	s := scoreArrivals(inOrder, rate)
	s.within *= float64(len(inOrder)) / float64(max(len(inOrder), due, 1))
	return s
}

// report adds s to a benchmark's line; what says whose lag it is.
func (s score) report(b *testing.B, what string) {
	b.ReportMetric(100*s.within, what+"-within-%")
	b.ReportMetric(float64(s.p50.Microseconds()), what+"-p50-us")
	b.ReportMetric(float64(s.p99.Microseconds()), what+"-p99-us")
	b.ReportMetric(float64(s.max.Microseconds()), what+"-max-us")
}

func (s score) String() string {
	return fmt.Sprintf("%d requests, %.3f %% within %v, p50 %v, p99 %v, max %v", s.n, 100*s.within, tolerance, s.p50, s.p99, s.max)
}

func TestScoreArrivals(t *testing.T) {
	const rate = 1000
	start := time.Unix(0, 0)
	series := func(lag func(k int) time.Duration) []arrival {
		arrivals := make([]arrival, 1000)
		for k := range arrivals {
			arrivals[k] = arrival{k, start.Add(time.Duration(k)*time.Millisecond + lag(k))}
		}
		return arrivals
	}
	tests := []struct {
		rule   string
		at     []arrival
		within float64
		max    time.Duration
	}{
		{"arrivals on the schedule are in time", series(func(int) time.Duration { return 0 }), 1, 0},
		{"what all have in common is not held against them", series(func(int) time.Duration { return time.Second }), 1, 0},
		{"an early first arrival does not make the others late", series(func(k int) time.Duration { return time.Duration(min(k, 1)) * time.Minute }), .999, time.Minute},
		{"a tenth that is 3 ms late is not in time", series(func(k int) time.Duration {
			return time.Duration((k%10)/9) * 3 * time.Millisecond
		}), .9, 3 * time.Millisecond},
		{"a generator that is slower than its rate drifts away", series(func(k int) time.Duration { return time.Duration(k) * time.Millisecond }), .003, 500 * time.Millisecond},
		{"nothing is not in time", nil, 0, 0},
		{"what has no number says nothing", []arrival{{-1, start}}, 0, 0},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			got := scoreArrivals(test.at, rate)
			if got.within != test.within || got.max != test.max {
				t.Errorf("%v; want %v within, max %v", got, test.within, test.max)
			}
		})
	}
}

func TestScoreOrder(t *testing.T) {
	start := time.Unix(0, 0)
	series := func(n int, at func(k int) time.Duration) []arrival {
		arrivals := make([]arrival, n)
		for k := range arrivals {
			arrivals[k] = arrival{-1, start.Add(at(k))}
		}
		return arrivals
	}
	every := func(k int) time.Duration { return time.Duration(k) * time.Millisecond }
	for _, test := range []struct {
		rule   string
		at     []arrival
		within float64
	}{
		{"numbers do not matter", series(1000, every), 1},
		{"nor does who overtakes whom", series(1000, func(k int) time.Duration { return every(k ^ 1) }), 1},
		{"a request that is missing is out of time", series(900, every), .9},
		{"a pause of 4 ms makes late what was due in it", series(1000, func(k int) time.Duration {
			if k >= 500 && k < 504 {
				k = 504
			}
			return every(k)
		}), .997},
		{"nothing is not in time", nil, 0},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if got := scoreOrder(test.at, 1000, 1000); got.within != test.within {
				t.Errorf("%v; want %v within", got, test.within)
			}
		})
	}
}
