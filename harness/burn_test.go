package harness

import (
	"math"
	"slices"
	"testing"
	"time"
)

func TestBurnAlertsAgreeWithTheTable(t *testing.T) {
	s := SLO{Availability: .9999}
	for _, c := range []struct {
		ratio float64
		first time.Duration // window of the first to fire
		after float64
		pages bool
		count int
	}{
		{1, time.Hour, 5.184, true, 4},
		{.1, time.Hour, 51.84, true, 4},
		{.005, time.Hour, 1036.8, true, 4},
		{.001, 6 * time.Hour, 12960, true, 3},
		{.0005, 24 * time.Hour, 51840, false, 2},
		{.0002, 72 * time.Hour, 129600, false, 1},
	} {
		got := s.BurnAlerts(c.ratio)
		if len(got) != c.count || got[0].Long != c.first || got[0].Pages != c.pages || math.Abs(got[0].After.Seconds()-c.after) > 1e-3 {
			t.Errorf("%g failing: got %+v; want %d alerts, first that over %v after %g s", c.ratio, got, c.count, c.first, c.after)
			continue
		}
		if !slices.IsSortedFunc(got, func(a, b BurnAlert) int { return int(a.After - b.After) }) {
			t.Errorf("%g failing: the first to fire is not first: %+v", c.ratio, got)
		}
		if got[0].Short*12 != got[0].Long {
			t.Errorf("short window %v of %v", got[0].Short, got[0].Long)
		}
	}
}

func TestNothingBurnsWithinTheBudgetOrWithoutOne(t *testing.T) {
	for _, c := range []struct{ availability, ratio float64 }{
		{.9999, .0001}, {.9999, 0}, {.9999, math.NaN()}, {0, 1}, {1, 1}, {math.NaN(), 1},
	} {
		if got := (SLO{Availability: c.availability}).BurnAlerts(c.ratio); got != nil {
			t.Errorf("%g of %g: got %+v, want none", c.ratio, c.availability, got)
		}
	}
}
