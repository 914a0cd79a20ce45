package slo

import (
	"math"
	"testing"
	"time"
)

func TestBudgetOfFourNines(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		period, want time.Duration
	}{
		{Year, minutes(52.596)},
		{365 * day, minutes(52.56)},
		{90 * day, minutes(12.96)},
		{30 * day, minutes(4.32)},
		{28 * day, minutes(4.032)},
		{day, 8640 * time.Millisecond},
		{time.Hour, 360 * time.Millisecond},
		{10 * time.Minute, 60 * time.Millisecond},
	} {
		if got := Budget(.9999, c.period); got != c.want {
			t.Errorf("%v: got %v, want %v", c.period, got, c.want)
		}
	}
}

func minutes(m float64) time.Duration {
	return time.Duration(math.Round(m * float64(time.Minute)))
}

func TestBurnRateIsTheShareOfTheBudgetBurnt(t *testing.T) {
	for _, c := range []struct{ ratio, target, want float64 }{
		{7.0 / 118, .95, 1.18644}, // 111 good of 118: 118.6 % burnt
		{.00144, .9999, 14.4},
		{1e-4, .9999, 1},
		{0, .9999, 0},
		{0, 1, 0},
		{.1, 1, math.Inf(1)},
	} {
		if got := BurnRate(c.ratio, c.target); got != c.want && !near(got, c.want) {
			t.Errorf("%g against %g: got %g, want %g", c.ratio, c.target, got, c.want)
		}
	}
}

func TestErrorRatioIsExactForDecimalTargets(t *testing.T) {
	for target, want := range map[float64]float64{.9999: 1e-4, .99999: 1e-5, .95: .05, 1: 0, 0: 1, 1.5: 0, -1: 1} {
		if got := ErrorRatio(target); got != want {
			t.Errorf("%g: got %g, want %g", target, got, want)
		}
	}
	if got := ErrorRatio(math.NaN()); got != 0 {
		t.Errorf("NaN: got %g, want 0", got)
	}
}

func TestFractionsAreNeverNaN(t *testing.T) {
	for _, c := range []struct {
		downtime, total time.Duration
		want            float64
	}{
		{0, time.Minute, 1},
		{time.Second, 4 * time.Second, .75},
		{2 * time.Second, time.Second, 0},
		{-time.Second, time.Second, 1},
		{0, 0, 0},
		{time.Second, -time.Second, 0},
	} {
		if got := Availability(c.downtime, c.total); got != c.want {
			t.Errorf("Availability(%v, %v) = %g, want %g", c.downtime, c.total, got, c.want)
		}
	}
	for _, c := range []struct {
		part, whole int
		want        float64
	}{{0, 0, 0}, {5, 0, 0}, {1, 4, .25}, {9, 3, 1}, {-1, 3, 0}} {
		if got := Fraction(c.part, c.whole); got != c.want {
			t.Errorf("Fraction(%d, %d) = %g, want %g", c.part, c.whole, got, c.want)
		}
	}
}
