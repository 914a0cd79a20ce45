package slo

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// upTo are the observations of 1 to n seconds.
func upTo(n int) []Observation {
	var all []Observation
	for i := range n {
		all = append(all, Observation{After: time.Duration(i+1) * time.Second})
	}
	return all
}

func TestMedianIntervalIsBetweenOrderStatistics(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		n                int
		estimate, lo, hi time.Duration
		confidence       float64
	}{
		{1, s, -Never, Never, 1},
		{4, 2*s + s/2, -Never, Never, 1},
		{5, 3 * s, -Never, 5 * s, .969}, // both ends need 6
		{6, 3*s + s/2, s, 6 * s, .969},
		{8, 4*s + s/2, s, 7 * s, .961},
	} {
		got := MedianOf(upTo(c.n), .95)
		if math.Abs(got.Confidence-c.confidence) > 5e-4 {
			t.Errorf("%d observations: confidence %.4f, want %.3f", c.n, got.Confidence, c.confidence)
		}
		want := Median{c.estimate, c.lo, c.hi, got.Confidence}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d observations (-want +got):\n%s", c.n, diff)
		}
	}
}

func TestMedianIntervalHoldsItsConfidenceAtAnySize(t *testing.T) {
	for n := 1; n <= 200; n++ {
		if got := MedianOf(upTo(n), .95); got.Confidence < .945 || got.Lo > got.Estimate || got.Hi < got.Estimate {
			t.Errorf("%d observations: %+v", n, got)
		}
	}
}

func TestMedianWithCensoredObservations(t *testing.T) {
	got := MedianOf(append(upTo(6), gaveUp(60), gaveUp(60)), .95)
	if got.Estimate != 4500*time.Millisecond || got.Lo != time.Second || got.Hi != Never {
		t.Errorf("a quarter censored: got %+v", got)
	}
	if got := MedianOf([]Observation{gaveUp(60), gaveUp(60), {After: 1}}, .95); got.Estimate != Never {
		t.Errorf("most censored: got %v, want never", got.Estimate)
	}
}

func TestMedianOfNothingIsUnbounded(t *testing.T) {
	want := Median{Never, -Never, Never, 1}
	if diff := cmp.Diff(want, MedianOf(nil, .95)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	want.Estimate = time.Second
	for _, confidence := range []float64{0, 1, math.NaN()} {
		if diff := cmp.Diff(want, MedianOf(upTo(1), confidence)); diff != "" {
			t.Errorf("confidence %g (-want +got):\n%s", confidence, diff)
		}
	}
}
