package slo

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestAdjustmentsAgreeWithTheVector(t *testing.T) {
	p := []float64{.001, .008, .039, .041, .042, .06, .074, .205, .212, .216}
	holm := []float64{.01, .072, .312, .312, .312, .312, .312, .615, .615, .615}
	bh := []float64{.01, .04, .084, .084, .084, .1, .1057, .216, .216, .216}
	near := cmpopts.EquateApprox(0, 5e-5)
	if diff := cmp.Diff(holm, Holm(p), near); diff != "" {
		t.Errorf("Holm (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(bh, BenjaminiHochberg(p), near); diff != "" {
		t.Errorf("Benjamini-Hochberg (-want +got):\n%s", diff)
	}
}

func TestAdjustedValuesStayWhereTheirPValuesWere(t *testing.T) {
	p := []float64{.04, .01, .03}
	near := cmpopts.EquateApprox(0, 1e-12)
	if diff := cmp.Diff([]float64{.06, .03, .06}, Holm(p), near); diff != "" {
		t.Errorf("Holm (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{.04, .03, .04}, BenjaminiHochberg(p), near); diff != "" {
		t.Errorf("Benjamini-Hochberg (-want +got):\n%s", diff)
	}
}

func TestWhatIsNoProbabilityIsNoEvidence(t *testing.T) {
	p := []float64{math.NaN(), -1, 2, .01}
	near := cmpopts.EquateApprox(0, 1e-12)
	if diff := cmp.Diff([]float64{1, 1, 1, .04}, Holm(p), near); diff != "" {
		t.Errorf("Holm (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{1, 1, 1, .04}, BenjaminiHochberg(p), near); diff != "" {
		t.Errorf("Benjamini-Hochberg (-want +got):\n%s", diff)
	}
	if len(Holm(nil)) != 0 || len(BenjaminiHochberg(nil)) != 0 {
		t.Error("of no checks there is nothing to adjust")
	}
}

func TestUncorrectedChecksFailMoreOftenThanNot(t *testing.T) {
	for checks, want := range map[int]float64{20: .64, 30: .79, 50: .92} {
		if got := AtLeast(1, checks, .05); math.Abs(got-want) > .005 {
			t.Errorf("%d checks: got %.3f, want %.2f", checks, got, want)
		}
	}
}

func TestArmsTooSmallForTheFirstHolmStep(t *testing.T) {
	// The smallest one-sided p of n against m is 1/C(n+m, n).
	smallest := func(n, m int) float64 {
		var x, y []Observation
		for i := range n + m {
			if i < m {
				y = append(y, seconds(float64(i))...)
			} else {
				x = append(x, seconds(float64(i))...)
			}
		}
		return MannWhitney(x, y).Longer
	}
	for _, c := range []struct {
		n, m    int
		of      float64
		reaches bool
	}{
		{3, 3, 20, false}, {4, 4, 20, false}, {5, 5, 20, false}, {3, 10, 20, false},
		{6, 6, 20, true}, {3, 20, 20, true}, {5, 10, 20, true},
		{6, 6, 50, false}, {7, 7, 50, true}, {3, 20, 50, true}, {5, 10, 50, true},
	} {
		if got := smallest(c.n, c.m) <= .05/c.of; got != c.reaches {
			t.Errorf("%d against %d among %g: reaches %v, want %v", c.n, c.m, c.of, got, c.reaches)
		}
	}
}
