package slo

import (
	"math"
	"testing"
)

func TestMixtureIsTheWeightedSumOfItsLikelihoodRatios(t *testing.T) {
	m := mixture{against(0, .1, .5), against(.05, .1, .5)}
	for _, c := range []struct{ k, n, want float64 }{
		{0, 0, 1},
		{0, 2, .5/.81 + .5*.9025/.81},
		{1, 2, .5 * .5 * .95 / .9},
		{.5, 1.5, .5 * math.Sqrt(.5) * .95 / .9},
	} {
		if got := math.Exp(m.log(c.k, c.n)); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%g of %g: got %g, want %g", c.k, c.n, got, c.want)
		}
	}
}

func TestMixtureStaysFiniteWhereItsTermsDoNot(t *testing.T) {
	m := passMixture(1e-4)
	for _, c := range []struct{ k, n float64 }{{0, 1e15}, {1e9, 1e9}, {1e9, 1e15}, {1e-300, 1}} {
		for name, got := range map[string]float64{"pass": m.log(c.k, c.n), "fail": Requests.failMixture(1e-4).log(c.k, c.n)} {
			if math.IsNaN(got) || math.IsInf(got, 0) {
				t.Errorf("%s, %g of %g: got %g, want a finite number", name, c.k, c.n, got)
			}
		}
	}
}

func TestImpossibleCountsAreNoEvidence(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range [][2]float64{{-1, 10}, {11, 10}, {nan, 10}, {0, nan}, {0, inf}, {inf, inf}, {0, -1}} {
		if got := passMixture(.1).log(c[0], c[1]); got != 0 {
			t.Errorf("%g of %g: got %g, want 0", c[0], c[1], got)
		}
	}
	if got := mixture(nil).log(0, 10); got != 0 {
		t.Errorf("no alternatives: got %g, want 0", got)
	}
}
