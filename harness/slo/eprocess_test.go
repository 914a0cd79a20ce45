package slo

import (
	"fmt"
	"math"
	"testing"
)

func TestLogEPassAgreesWithTheTables(t *testing.T) {
	for _, c := range []struct{ k, n, want float64 }{
		{0, 10_000, .846936},
		{0, 30_000, 2.625108},
		{0, 35_000, 3.083238},
		{1, 60_000, 2.392402},
		{3, 100_000, 2.396408},
		{10, 30_000, -7.039232},
		{0, 0, 0},
	} {
		if got := LogEPass(c.k, c.n, 1e-4); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%g failures in %g: got %.6f, want %.6f", c.k, c.n, got, c.want)
		}
	}
}

func TestLogEFailAgreesWithTheTables(t *testing.T) {
	for _, c := range []struct{ k, n, want float64 }{
		{3, 1_000, 5.409615},
		{5, 1_000, 12.009462},
		{10, 30_000, 2.918096},
		{20, 100_000, 2.071693},
		{0, 0, 0},
	} {
		if got := LogEFail(Requests, c.k, c.n, 1e-4); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%g failures in %g: got %.6f, want %.6f", c.k, c.n, got, c.want)
		}
	}
}

func TestFewestFailuresThatRefuteAnErrorRatio(t *testing.T) {
	sizes := []float64{100, 1_000, 5_000, 10_000, 30_000, 100_000, 300_000}
	for alpha, want := range map[float64][]float64{
		.05: {2, 3, 5, 6, 11, 22, 51},
		.01: {2, 3, 5, 7, 12, 24, 53},
	} {
		for i, n := range sizes {
			t.Run(fmt.Sprintf("alpha %g, %g requests", alpha, n), func(t *testing.T) {
				k := 0.0
				for LogEFail(Requests, k, n, 1e-4) < -math.Log(alpha) {
					k++
				}
				if k != want[i] {
					t.Errorf("got %g, want %g", k, want[i])
				}
			})
		}
	}
}

func TestOneEarlyFailureAlreadyLooksLikeARefutation(t *testing.T) {
	// Why a refutation also wants failures in distinct seconds.
	if LogEFail(Requests, 1, 36, 1e-4) < math.Log(20) || LogEFail(Requests, 1, 37, 1e-4) >= math.Log(20) {
		t.Errorf("one failure in 36 gives %g, in 37 %g; want 20 between them",
			math.Exp(LogEFail(Requests, 1, 36, 1e-4)), math.Exp(LogEFail(Requests, 1, 37, 1e-4)))
	}
}

func TestAlternativesOfARefutation(t *testing.T) {
	// One failure in one trial weighs the mean of all r/eps.
	for _, c := range []struct {
		unit      Unit
		eps, want float64
	}{
		{Requests, 1e-4, (2 + 5 + 20 + 100 + 1000 + 5000) / 6.},
		{Requests, .01, (2 + 5 + 20 + 3*50) / 6.}, // r at most .5
		{Requests, .7, 1}, // no r above eps left
		{Injections, .1, (3.25 + 5.5 + 7.75 + 9.55) / 4},
	} {
		if got := math.Exp(LogEFail(c.unit, 1, 1, c.eps)); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("unit %d, eps %g: got %g, want %g", c.unit, c.eps, got, c.want)
		}
	}
}

func TestInjectionsThatRefuteOneInTen(t *testing.T) {
	for _, c := range []struct{ k, n float64 }{{2, 2}, {3, 5}, {4, 8}, {5, 10}, {7, 20}} {
		if got := LogEFail(Injections, c.k, c.n, .1); got < math.Log(20) {
			t.Errorf("%g of %g: E = %g, want at least 20", c.k, c.n, math.Exp(got))
		}
		if got := LogEFail(Injections, c.k-1, c.n, .1); got >= math.Log(20) {
			t.Errorf("%g of %g: E = %g, want less than 20", c.k-1, c.n, math.Exp(got))
		}
	}
}

func TestEvidenceExpectsNothingFromOneTrialAtTheThreshold(t *testing.T) {
	// E(1 trial) has expectation 1 at eps, and at most 1 on the other side.
	for _, eps := range []float64{1e-4, .1, .5, .7} {
		for name, log := range map[string]func(k, n float64) float64{
			"pass":            func(k, n float64) float64 { return LogEPass(k, n, eps) },
			"fail requests":   func(k, n float64) float64 { return LogEFail(Requests, k, n, eps) },
			"fail injections": func(k, n float64) float64 { return LogEFail(Injections, k, n, eps) },
		} {
			if got := eps*math.Exp(log(1, 1)) + (1-eps)*math.Exp(log(0, 1)); math.Abs(got-1) > 1e-12 {
				t.Errorf("%s, eps %g: expectation %g, want 1", name, eps, got)
			}
		}
	}
}

func TestNoEvidenceOutsideTheRange(t *testing.T) {
	for _, eps := range []float64{0, 1, -1, 2, math.NaN()} {
		if p, f := LogEPass(0, 10, eps), LogEFail(Requests, 5, 10, eps); p != 0 || f != 0 {
			t.Errorf("eps %g: got %g and %g, want 0", eps, p, f)
		}
	}
}

func TestAnytimePIsTheInverseOfTheLargestEvidence(t *testing.T) {
	for _, c := range []struct{ log, want float64 }{
		{math.Log(20), .05}, {0, 1}, {-7, 1}, {math.Inf(1), 0}, {math.Inf(-1), 1}, {math.NaN(), 1},
	} {
		if got := AnytimeP(c.log); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("ln E %g: got %g, want %g", c.log, got, c.want)
		}
	}
}
