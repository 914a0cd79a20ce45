package slo

import (
	"math"
	"testing"
)

func TestThreeWaysToSpendABudget(t *testing.T) {
	// A quiet tick that failed beside busy ones that did not.
	ticks := []Tick{{1000, 1000}, {0, 0}, {0, 10}, {990, 990}}
	for name, c := range map[string]struct {
		of   func([]Tick) (float64, bool)
		want float64
	}{
		"occurrences":      {Occurrences, 1990. / 2000},
		"timeslices":       {func(t []Tick) (float64, bool) { return Timeslices(t, .95) }, 2. / 3},
		"ratio timeslices": {RatioTimeslices, 2. / 3},
	} {
		if got, ok := c.of(ticks); !ok || math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: got %g, %v; want %g", name, got, ok, c.want)
		}
		for _, nothing := range [][]Tick{nil, {{0, 0}}, {{5, -1}}, {{math.NaN(), math.NaN()}}, {{1, math.Inf(1)}}} {
			if got, ok := c.of(nothing); ok || got != 0 {
				t.Errorf("%s of %v: got %g, %v; want nothing", name, nothing, got, ok)
			}
		}
		if got, ok := c.of([]Tick{{math.NaN(), 5}}); !ok || got != 0 {
			t.Errorf("%s: not a number was good: got %g, %v; want 0", name, got, ok)
		}
	}
}

func TestASliceAtItsTargetIsGood(t *testing.T) {
	if got, ok := Timeslices([]Tick{{19, 20}, {18, 20}}, .95); !ok || got != .5 {
		t.Errorf("got %g, %v; want 0.5", got, ok)
	}
	if _, ok := Timeslices([]Tick{{1, 1}}, math.NaN()); ok {
		t.Error("no target: want nothing")
	}
}
