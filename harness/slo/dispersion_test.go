package slo

import (
	"math"
	"testing"
)

func TestDispersionIsTheSizeBiasedMean(t *testing.T) {
	for _, c := range []struct {
		name     string
		declared float64
		episodes []int
		want     float64
	}{
		{"nothing known", 0, nil, 1},
		{"declared, nothing failed", 5, nil, 5},
		{"failures come alone", 1, []int{1, 1, 1}, 1},
		{"always five together", 1, []int{5, 5, 5}, 5},
		{"one large among small", 1, []int{1, 1, 8}, 66. / 10},
		{"history knew worse", 20, []int{5, 5}, 20},
		{"worse than history", 2, []int{5, 5}, 5},
		{"sizes that cannot be", 1, []int{-3, 0, 4}, 4},
		{"declared is not a number", math.NaN(), nil, 1},
		{"declared is infinite", math.Inf(1), nil, 1},
		{"declared below one", .2, []int{1}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Dispersion(c.declared, c.episodes); got != c.want {
				t.Errorf("got %g, want %g", got, c.want)
			}
		})
	}
}

func TestDispersedEvidenceNeedsSoManyTimesTheRequests(t *testing.T) {
	n, _ := CleanTrials(1e-4, .95)
	if got := LogEPass(0, float64(n)*10/10, 1e-4); got < math.Log(20) {
		t.Errorf("%d requests at φ=10 give ln E %g, want at least ln 20", n*10, got)
	}
	if got := LogEPass(0, float64(n*10-10)/10, 1e-4); got >= math.Log(20) {
		t.Errorf("%d requests at φ=10 give ln E %g, want less than ln 20", n*10-10, got)
	}
}

func TestDesignEffect(t *testing.T) {
	if got := DesignEffect(6000, .01); math.Abs(got-60.99) > 1e-9 {
		t.Errorf("got %g, want 60.99", got)
	}
	if got := math.Floor(120_000 / DesignEffect(6000, .01)); got != 1967 {
		t.Errorf("120 000 requests are worth %g, want 1967", got)
	}
	for _, bad := range [][2]float64{{1, .5}, {0, .5}, {10, 0}, {10, -1}, {10, 2}, {math.NaN(), .5}, {10, math.NaN()}} {
		if got := DesignEffect(bad[0], bad[1]); got != 1 {
			t.Errorf("DesignEffect(%v) = %g, want 1", bad, got)
		}
	}
}
