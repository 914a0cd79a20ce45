package slo

import (
	"math"
	"testing"
)

func TestPosteriorAgreesWithTheVector(t *testing.T) {
	if got := Posterior(0, 30_000, 6.40217e-5); math.Abs(got-.95) > 1e-6 {
		t.Errorf("got %g, want .95", got)
	}
	n := 0
	for Posterior(0, n, 1e-4) < .95 {
		n += 10
	}
	if math.Abs(float64(n)-19_200) > 50 {
		t.Errorf("95 %% after %d clean requests, want about 19 200", n)
	}
}

func TestPosteriorOfWhatCannotBe(t *testing.T) {
	for _, c := range []struct {
		k, n int
		eps  float64
		want float64
	}{
		{0, 0, .5, .5}, {0, 10, 0, 0}, {10, 10, 1, 1}, {0, 10, math.NaN(), 0}, {0, 10, -1, 0}, {0, 10, 7, 1}, {-5, -5, .5, .5},
	} {
		if got := Posterior(c.k, c.n, c.eps); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("Posterior(%d, %d, %g) = %g, want %g", c.k, c.n, c.eps, got, c.want)
		}
	}
	if got, want := Posterior(99, 5, .9), Posterior(5, 5, .9); got != want {
		t.Errorf("more failures than trials: got %g, want %g", got, want)
	}
}
