package slo

import (
	"math"
	"testing"
)

// near reports whether got agrees with want to six significant digits, as the
// tables give them.
func near(got, want float64) bool {
	return math.Abs(got-want) <= 5e-6*math.Abs(want)+1e-15
}

func TestClopperPearsonAgreesWithTheTables(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want Interval
	}{
		{0, 30_000, Interval{0, 1.22955e-4}},
		{1, 30_000, Interval{8.43927e-7, 1.85707e-4}},
		{3, 30_000, Interval{2.06229e-5, 2.92214e-4}},
		{20, 100_000, Interval{1.22169e-4, 3.08867e-4}},
		{5, 5, Interval{math.Pow(.025, .2), 1}},
		{0, 0, Interval{0, 1}},
	} {
		if got := ClopperPearson(c.k, c.n, .95); !near(got.Lo, c.want.Lo) || !near(got.Hi, c.want.Hi) {
			t.Errorf("%d of %d: got %v, want %v", c.k, c.n, got, c.want)
		}
	}
	if got := ClopperPearson(1, 10, 1); got != (Interval{0, 1}) {
		t.Errorf("certainty is only had of everything: got %v", got)
	}
}

func TestOneSidedBoundsAgreeWithTheTables(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want float64
	}{
		{0, 30_000, 9.98528e-5},
		{1, 30_000, 1.58119e-4},
		{0, 3, .631597}, {0, 5, .450720}, {0, 10, .258866}, {0, 20, .139108}, {0, 59, .0495077},
		{1, 10, .394163}, {1, 20, .216106}, {1, 30, .148596},
		{7, 7, 1}, {0, 0, 1},
	} {
		if got := UpperBound(c.k, c.n, .95); !near(got, c.want) {
			t.Errorf("upper bound of %d of %d: got %.6g, want %.6g", c.k, c.n, got, c.want)
		}
	}
}

func TestBoundsInvertTheTailsThatDefineThem(t *testing.T) {
	for _, n := range []int{4, 100, 29_956, 300_000} {
		for _, k := range []int{1, 2, 3} {
			if got := AtMost(k, n, UpperBound(k, n, .95)); math.Abs(got-.05) > 1e-9 {
				t.Errorf("%d of %d: P(at most k at the upper bound) = %g, want 0.05", k, n, got)
			}
			if got := AtLeast(k, n, LowerBound(k, n, .95)); math.Abs(got-.05) > 1e-9 {
				t.Errorf("%d of %d: P(at least k at the lower bound) = %g, want 0.05", k, n, got)
			}
		}
	}
}

func TestWilsonIsForDisplayAndTooLowForAClaim(t *testing.T) {
	got := Wilson(0, 30_000, .95)
	if got.Lo != 0 || !near(got.Hi, 1.28032e-4) {
		t.Errorf("got %v, want [0, 1.28032e-4]", got)
	}
	// Two-sided 90 % is one-sided 95 %: below the exact 9.98528e-5.
	if got := Wilson(0, 30_000, .9).Hi; !near(got, 9.01766e-5) {
		t.Errorf("one-sided: got %g, want 9.01766e-5", got)
	}
	if got := Wilson(0, 0, .95); got != (Interval{0, 1}) {
		t.Errorf("of nothing: got %v, want [0, 1]", got)
	}
	if got := Wilson(9, 9, .95); got.Hi != 1 || got.Lo <= .5 {
		t.Errorf("of nothing but failures: got %v", got)
	}
}
