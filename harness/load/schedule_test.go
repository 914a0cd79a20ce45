package load

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestOffset(t *testing.T) {
	tests := []struct {
		rule string
		rate float64
		seq  uint64
		want time.Duration
	}{
		{"the first request is due at once", 300, 0, 0},
		{"a request is due seq/rate after the start", 4, 3, 750 * time.Millisecond},
		{"a rate below one is possible", 0.1, 2, 20 * time.Second},
		{"whole seconds are exact after a day", 300, 300 * 86400, 24 * time.Hour},
		{"rounding does not add up", 3, 3 * 86400, 24 * time.Hour},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if got := (schedule{rate: test.rate}).offset(test.seq); got != test.want {
				t.Errorf("offset(%d) = %v, want %v", test.seq, got, test.want)
			}
		})
	}
}

func TestTotal(t *testing.T) {
	tests := []struct {
		rule   string
		rate   float64
		length time.Duration
		want   uint64
	}{
		{"a schedule holds rate x length requests", 300, 10 * time.Second, 3000},
		{"the end itself is not part of the schedule", 1, time.Second, 1},
		{"a part of an interval holds the request at its start", 1, 1500 * time.Millisecond, 2},
		{"a schedule shorter than an interval holds one request", 1, time.Millisecond, 1},
		{"without a length there is no end", 1, 0, math.MaxUint64},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if got := (schedule{rate: test.rate, length: test.length}).total(); got != test.want {
				t.Errorf("total = %d, want %d", got, test.want)
			}
		})
	}
}

func TestDueCountsExactlyTheOffsetsUpToElapsed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := schedule{rate: rapid.Float64Range(0.01, 50_000).Draw(t, "rate")}
		elapsed := time.Duration(rapid.Int64Range(0, int64(48*time.Hour)).Draw(t, "elapsed"))
		n := s.due(elapsed)
		if n == 0 || s.offset(n-1) > elapsed {
			t.Fatalf("due(%v) = %d, but request %d is due at %v", elapsed, n, n-1, s.offset(n-1))
		}
		if s.offset(n) <= elapsed {
			t.Fatalf("due(%v) = %d, but request %d is due at %v already", elapsed, n, n, s.offset(n))
		}
	})
}

func TestScheduled(t *testing.T) {
	s := schedule{rate: 100, length: time.Second}
	tests := []struct {
		rule    string
		elapsed time.Duration
		want    uint64
	}{
		{"nothing is owed by a load that is stopped at once", time.Millisecond, 0},
		{"a request is owed once it had time to be handed over", 10 * time.Millisecond, 1},
		{"a request that has just become due is cut off by the stop", 505 * time.Millisecond, 50},
		{"no more than the schedule is owed", time.Hour, 100},
		{"a clock that runs backwards owes nothing", -time.Second, 0},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			if got := s.scheduled(test.elapsed); got != test.want {
				t.Errorf("scheduled(%v) = %d, want %d", test.elapsed, got, test.want)
			}
		})
	}
}
