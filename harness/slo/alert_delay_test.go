package slo

import (
	"fmt"
	"math"
	"testing"
	"time"
)

func TestDelayAgreesWithTheTable(t *testing.T) {
	const never = -1
	ratios := []float64{1, .1, .01, .005, .001}
	for _, row := range []struct {
		target, factor float64
		long           time.Duration
		want           []float64
		within         float64
	}{
		{.9999, 14.4, time.Hour, []float64{5.2, 51.8, 518, 1037, never}, .5},
		{.9999, 6, 6 * time.Hour, []float64{13.0, 130, 1296, 2592, 12960}, .5},
		{.9999, 3, day, []float64{25.9, 259, 2592, 5184, 25920}, .5},
		{.999, 14.4, time.Hour, []float64{51.8, 518, never, never, never}, .5},
	} {
		for i, ratio := range ratios {
			t.Run(fmt.Sprintf("%g at %g over %v with %g failing", row.target, row.factor, row.long, ratio), func(t *testing.T) {
				got, ok := Alert{Long: row.long, Factor: row.factor}.Delay(row.target, ratio)
				if want := row.want[i]; ok != (want != never) || ok && math.Abs(got.Seconds()-want) > row.within {
					t.Errorf("got %v, %v; want %g s", got, ok, want)
				}
				if !ok && got != Never {
					t.Errorf("never burns: got %v, want Never", got)
				}
			})
		}
	}
}

func TestDelayIncludesHowLongItMustBurn(t *testing.T) {
	// Pyrra's quick page: 14 over 1 h at 99.99 % for 2 min.
	a := Alert{Long: time.Hour, Short: 5 * time.Minute, Factor: 14, For: 2 * time.Minute}
	got, ok := a.Delay(.9999, 1)
	if want := 2*time.Minute + 5040*time.Millisecond; !ok || got != want {
		t.Errorf("got %v, %v; want %v", got, ok, want)
	}
	if got.Round(time.Minute) != 2*time.Minute {
		t.Errorf("rounded to minutes: %v, want 2m", got.Round(time.Minute))
	}
}

func TestAFreshStackIsDetectedTooEarly(t *testing.T) {
	a := Alert{Long: time.Hour, Factor: 14.4}
	got, ok := a.FreshDelay(.9999, 1, 2*time.Minute)
	if !ok || math.Abs(got.Seconds()-.17) > .005 {
		t.Errorf("after 120 s: got %v, %v; want 0.17 s", got, ok)
	}
	for _, ratio := range []float64{1, .1, .01, .0015} {
		warm, _ := a.Delay(.9999, ratio)
		last := time.Duration(-1)
		for _, fresh := range []time.Duration{-1, 0, time.Minute, 20 * time.Minute, 59 * time.Minute, time.Hour, day} {
			got, ok := a.FreshDelay(.9999, ratio, fresh)
			if !ok || got > warm || got < last {
				t.Errorf("ratio %g, warm for %v: got %v, %v; want from %v to %v", ratio, fresh, got, ok, last, warm)
			}
			last = got
		}
		if last != warm {
			t.Errorf("ratio %g: a full window takes %v, want %v", ratio, last, warm)
		}
	}
}

func TestWhatCannotBurnIsNeverDetected(t *testing.T) {
	a := Alert{Long: time.Hour, Factor: 14.4}
	for _, ratio := range []float64{0, -1, math.NaN(), math.Inf(1), 1.5, .00144} {
		if got, ok := a.Delay(.9999, ratio); ok || got != Never {
			t.Errorf("ratio %g: got %v, want never", ratio, got)
		}
		if got, ok := a.FreshDelay(.9999, ratio, time.Minute); ok || got != Never {
			t.Errorf("fresh, ratio %g: got %v, want never", ratio, got)
		}
	}
}
