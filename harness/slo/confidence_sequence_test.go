package slo

import (
	"math"
	"testing"
)

func TestConfidenceSequenceInvertsTheEvidence(t *testing.T) {
	need := math.Log(20)
	for _, unit := range []Unit{Requests, Injections} {
		for _, c := range []struct{ k, n float64 }{{1, 60_000}, {3, 1000}, {2, 20}, {10, 30_000}, {19, 20}, {.6, 7000.4}} {
			got := ConfidenceSequence(unit, c.k, c.n, .95)
			if !(got.Lo < c.k/c.n && c.k/c.n < got.Hi) {
				t.Errorf("unit %d, %g of %g: %v does not hold the estimate", unit, c.k, c.n, got)
			}
			if got.Lo > 0 && math.Abs(LogEFail(unit, c.k, c.n, got.Lo)-need) > 1e-6 {
				t.Errorf("unit %d, %g of %g: evidence at the lower end %g is %g, want ln 20", unit, c.k, c.n, got.Lo, LogEFail(unit, c.k, c.n, got.Lo))
			}
			if got.Hi < .999 && math.Abs(LogEPass(c.k, c.n, got.Hi)-need) > 1e-5 {
				t.Errorf("unit %d, %g of %g: evidence at the upper end %g is %g, want ln 20", unit, c.k, c.n, got.Hi, LogEPass(c.k, c.n, got.Hi))
			}
		}
	}
}

func TestConfidenceSequenceIsWiderThanTheFixedInterval(t *testing.T) {
	for _, c := range []struct{ k, n int }{{0, 30_000}, {1, 30_000}, {20, 100_000}} {
		got := ConfidenceSequence(Requests, float64(c.k), float64(c.n), .95)
		if lo, hi := LowerBound(c.k, c.n, .95), UpperBound(c.k, c.n, .95); got.Lo > lo || got.Hi < hi {
			t.Errorf("%d of %d: %v does not hold [%g, %g]", c.k, c.n, got, lo, hi)
		}
	}
	// It reaches 1e-4 exactly where a clean stack passes.
	if got := ConfidenceSequence(Requests, 0, 34_049, .95).Hi; got > 1e-4 || got < .9999e-4 {
		t.Errorf("upper end of 34 049 clean requests: %g, want just below 1e-4", got)
	}
}

func TestConfidenceSequenceOfNothingIsEverything(t *testing.T) {
	for _, c := range []struct{ k, n, confidence float64 }{
		{0, 0, .95}, {-1, 5, .95}, {6, 5, .95}, {math.NaN(), 5, .95}, {0, math.Inf(1), .95}, {0, 10, 1}, {0, 10, math.NaN()},
	} {
		if got := ConfidenceSequence(Requests, c.k, c.n, c.confidence); got != (Interval{0, 1}) {
			t.Errorf("%g of %g: got %v, want [0, 1]", c.k, c.n, got)
		}
	}
	if got := ConfidenceSequence(Requests, 0, 10, .95).Lo; got != 0 {
		t.Errorf("nothing failed: lower end %g, want 0", got)
	}
	if got := ConfidenceSequence(Injections, 5, 5, .95).Hi; got != 1 {
		t.Errorf("everything failed: upper end %g, want 1", got)
	}
}
