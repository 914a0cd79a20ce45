package slo

import (
	"testing"
	"time"
)

func TestDifferencesOfTimesThatWereNeverReached(t *testing.T) {
	for _, c := range []struct{ a, b, want time.Duration }{
		{5, 3, 2}, {3, 5, -2}, {Never, 3, Never}, {3, Never, -Never}, {Never, Never, 0},
	} {
		if got := between(c.a, c.b); got != c.want {
			t.Errorf("%v - %v = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

func TestTheMiddleIsUnboundedWhereHalfOfItIs(t *testing.T) {
	for _, c := range []struct {
		name   string
		sorted []time.Duration
		want   time.Duration
	}{
		{"none", nil, Never},
		{"one", []time.Duration{4}, 4},
		{"odd", []time.Duration{1, 4, Never}, 4},
		{"even", []time.Duration{1, 4, 8, Never}, 6},
		{"half never", []time.Duration{1, Never}, Never},
		{"half before", []time.Duration{-Never, 1}, 1},
		{"both ends", []time.Duration{-Never, Never}, Never},
	} {
		if got := middle(c.sorted); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
