package slo

import (
	"fmt"
	"math"
	"testing"
)

func TestDecideIsTheExactDecisionTable(t *testing.T) {
	const never = -1
	for _, row := range []struct{ n, passUpTo, failFrom int }{
		{10_000, never, 4},
		{29_956, 0, 7},
		{50_000, 1, 10},
		{100_000, 4, 16},
		{300_000, 20, 40},
		{1_000_000, 83, 118},
	} {
		t.Run(fmt.Sprintf("%d requests", row.n), func(t *testing.T) {
			for k := 0; k < row.failFrom+3; k++ {
				want := Undecided
				if k <= row.passUpTo {
					want = Holds
				}
				if k >= row.failFrom {
					want = Refuted
				}
				if got := Decide(k, row.n, 1e-4, .95); got != want {
					t.Errorf("%d failures: got %d, want %d", k, got, want)
				}
			}
		})
	}
}

func TestDecideChangesExactlyAtRequiredN(t *testing.T) {
	for _, eps := range []float64{1e-4, 1e-3, .1} {
		for k := range 12 {
			n, _ := RequiredN(eps, .95, k)
			if got := Decide(k, n, eps, .95); got != Holds {
				t.Errorf("%d failures in %d at %g: got %d, want holds", k, n, eps, got)
			}
			if got := Decide(k, n-1, eps, .95); got != Undecided {
				t.Errorf("%d failures in %d at %g: got %d, want undecided", k, n-1, eps, got)
			}
		}
	}
}

func TestDecideKnowsNothingWithoutRequests(t *testing.T) {
	for _, c := range []struct {
		name string
		k, n int
		eps  float64
		want Decision
	}{
		{"no requests", 0, 0, 1e-4, Undecided},
		{"negative requests", 0, -5, 1e-4, Undecided},
		{"nothing may fail and nothing did", 0, 1_000_000, 0, Undecided},
		{"nothing may fail and something did", 1, 1_000_000, 0, Refuted},
		{"everything may fail", 10, 10, 1, Holds},
		{"everything failed", 10, 10, 1e-4, Refuted},
		{"eps is not a number", 0, 10, math.NaN(), Undecided},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Decide(c.k, c.n, c.eps, .95); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
