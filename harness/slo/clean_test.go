package slo

import (
	"math"
	"testing"
)

func TestCleanTrialsNeededPerTier(t *testing.T) {
	for eps, want := range map[float64]int{.5: 5, .3: 10, .2: 16, .1: 33, .05: 67, 1e-4: 34_049} {
		if got, ok := CleanTrials(eps, .95); !ok || got != want {
			t.Errorf("%g: got %d, %v; want %d, true", eps, got, ok, want)
		}
	}
	for _, bad := range [][2]float64{{0, .95}, {1, .95}, {.1, 1}, {.1, 0}, {1e-18, .95}, {math.NaN(), .95}, {.1, math.NaN()}} {
		if got, ok := CleanTrials(bad[0], bad[1]); ok {
			t.Errorf("CleanTrials(%v) = %d, want none", bad, got)
		}
	}
}

func TestTrialsNeededWithFailures(t *testing.T) {
	for _, c := range []struct {
		eps  float64
		k    int
		want int
	}{
		{1e-4, 0, 34_049}, {1e-4, 1, 67_810}, {1e-4, 2, 88_858}, {1e-4, 3, 108_606},
		{1e-4, 4, 127_222}, {1e-4, 5, 144_957}, {1e-4, 10, 225_831},
		{.05, 1, 133}, {.1, 1, 65}, {.2, 1, 31}, {.3, 1, 20}, {.5, 1, 11},
	} {
		if got, ok := TrialsWith(c.k, c.eps, .95); !ok || got != c.want {
			t.Errorf("%d failures at %g: got %d, %v; want %d, true", c.k, c.eps, got, ok, c.want)
		}
	}
	if got, ok := TrialsWith(-1, .1, .95); ok {
		t.Errorf("negative failures: got %d, want none", got)
	}
}

func TestSuccessRunTable(t *testing.T) {
	for _, row := range []struct {
		confidence float64
		want       map[float64]int
	}{
		{.95, map[float64]int{.5: 5, .6: 6, .7: 9, .8: 14, .9: 29, .95: 59, .99: 299}},
		{.90, map[float64]int{.5: 4, .6: 5, .7: 7, .8: 11, .9: 22, .95: 45, .99: 230}},
		{.80, map[float64]int{.5: 3, .6: 4, .7: 5, .8: 8, .9: 16, .95: 32, .99: 161}},
	} {
		for reliability, want := range row.want {
			if got, ok := SuccessRun(reliability, row.confidence); !ok || got != want {
				t.Errorf("%g at %g: got %d, %v; want %d, true", reliability, row.confidence, got, ok, want)
			}
		}
	}
	for _, bad := range [][2]float64{{0, .95}, {1, .95}, {.9, 1}, {math.NaN(), .9}} {
		if got, ok := SuccessRun(bad[0], bad[1]); ok {
			t.Errorf("SuccessRun(%v) = %d, want none", bad, got)
		}
	}
}
