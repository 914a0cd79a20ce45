package slo

import (
	"fmt"
	"math"
	"testing"
)

func TestRequiredNIsTheExactDemonstrationTable(t *testing.T) {
	failures := []int{0, 1, 2, 3, 4, 5, 10}
	rows := []struct {
		availability, confidence float64
		want                     []int
	}{
		{.9999, .95, []int{29956, 47437, 62956, 77535, 91533, 105128, 169619}},
		{.9999, .90, []int{23025, 38896, 53222, 66806, 79934, 92745, 154064}},
		{.9999, .99, []int{46050, 66381, 84057, 100448, 116043, 131081, 201442}},
		{.9995, .95, []int{5990, 9486, 12590, 15505, 18305, 21024, 33921}},
		{.999, .95, []int{2995, 4742, 6294, 7752, 9151, 10511, 16959}},
		{.99, .95, []int{299, 473, 628, 773, 913, 1049, 1693}},
		{.95, .95, []int{59, 93, 124, 153, 181, 208, 336}},
		{.9, .95, []int{29, 46, 61, 76, 89, 103, 167}},
		{.99999, .95, []int{299572, 474385, 629578, 775364, 915350, 1051301, 1696219}},
	}
	for _, row := range rows {
		for i, k := range failures {
			t.Run(fmt.Sprintf("%g at %g with %d failures", row.availability, row.confidence, k), func(t *testing.T) {
				got, ok := RequiredN(ErrorRatio(row.availability), row.confidence, k)
				if !ok || got != row.want[i] {
					t.Errorf("got %d, %v; want %d, true", got, ok, row.want[i])
				}
			})
		}
	}
}

func TestRequiredNHasNoAnswerWhereNoNumberIsEnough(t *testing.T) {
	for name, arg := range map[string]struct {
		eps, confidence float64
		k               int
	}{
		"nothing may fail":    {0, .95, 0},
		"everything may fail": {1, .95, 0},
		"eps is not a number": {math.NaN(), .95, 0},
		"certainty is asked":  {.1, 1, 0},
		"no confidence":       {.1, 0, 0},
		"negative failures":   {.1, .95, -1},
		"beyond 2^52":         {1e-16, .95, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if n, ok := RequiredN(arg.eps, arg.confidence, arg.k); ok {
				t.Errorf("got %d, want none", n)
			}
		})
	}
}

func TestTailsOfTheBinomialAddUpToOne(t *testing.T) {
	for _, n := range []int{1, 2, 7, 40} {
		for _, p := range []float64{0, .01, .5, .93, 1} {
			sum, choose := 0.0, 1.0
			for k := 0; k <= n; k++ {
				sum += choose * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
				choose = choose * float64(n-k) / float64(k+1)
				if got := AtMost(k, n, p); math.Abs(got-sum) > 1e-12 {
					t.Errorf("AtMost(%d, %d, %g) = %g, want %g", k, n, p, got, sum)
				}
				if got := AtLeast(k+1, n, p); math.Abs(1-sum-got) > 1e-12 {
					t.Errorf("AtLeast(%d, %d, %g) = %g, want %g", k+1, n, p, got, 1-sum)
				}
			}
		}
	}
	if AtMost(-1, 5, .5) != 0 || AtLeast(0, 5, .5) != 1 {
		t.Error("there are never fewer than 0 failures and always at least 0")
	}
}
