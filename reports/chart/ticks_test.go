package chart

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTimeTicks(t *testing.T) {
	s := time.Second
	tests := map[string]struct {
		from, to time.Duration
		limit    int
		want     []time.Duration
	}{
		"a minute gets round steps":             {0, 47 * s, 10, []time.Duration{0, 5 * s, 10 * s, 15 * s, 20 * s, 25 * s, 30 * s, 35 * s, 40 * s, 45 * s}},
		"a narrow picture gets fewer ticks":     {0, 47 * s, 5, []time.Duration{0, 10 * s, 20 * s, 30 * s, 40 * s}},
		"ticks are multiples of the step":       {3 * s, 13 * s, 3, []time.Duration{5 * s, 10 * s}},
		"an empty window has no ticks":          {5 * s, 5 * s, 5, nil},
		"no room means no ticks":                {0, s, 0, nil},
		"a window before zero starts inside it": {-3 * s, 3 * s, 4, []time.Duration{-2 * s, 0, 2 * s}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, TimeTicks(tt.from, tt.to, tt.limit)); d != "" {
				t.Error(d)
			}
		})
	}
	t.Run("a month still ends and keeps the limit", func(t *testing.T) {
		if n := len(TimeTicks(0, 31*24*time.Hour, 8)); n < 2 || n > 8 {
			t.Errorf("got %d ticks, want 2 to 8", n)
		}
	})
}

func TestDecadeTicks(t *testing.T) {
	if d := cmp.Diff([]float64{1, 10, 100}, DecadeTicks(1, 100)); d != "" {
		t.Error(d)
	}
	if got := DecadeTicks(0, 10); got != nil {
		t.Errorf("a lower bound of 0 has no decades, got %v", got)
	}
}
