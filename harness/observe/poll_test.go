package observe

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestPoll(t *testing.T) {
	away, bad := errors.New("connection refused"), useless{errors.New("404")}
	tests := []struct {
		rule string
		// ask is what a source says after a time.
		ask func(after time.Duration) error
		// lasts is how long poll goes on, within a minute; want is a part of
		// its error.
		lasts time.Duration
		want  string
	}{
		{"a source that answers is polled until the end", func(time.Duration) error { return nil }, time.Minute, ""},
		{"a source that goes away is polled until the end", func(d time.Duration) error {
			if d < time.Second {
				return nil
			}
			return away
		}, time.Minute, ""},
		{"a source that comes late, but within patience, is polled until the end", func(d time.Duration) error {
			if d < Patience-time.Second {
				return away
			}
			return nil
		}, time.Minute, ""},
		{"a source that never answers is an error", func(time.Duration) error { return away }, Patience, "connection refused"},
		{"a source that is of no use is an error", func(time.Duration) error { return bad }, Patience, "404"},
		{"a source that becomes of no use is an error", func(d time.Duration) error {
			if d < 20*time.Second {
				return nil
			}
			return bad
		}, 20*time.Second + Patience, "no useful answer for 10s: 404"},
		{"being away in between does not make a useless source useful", func(d time.Duration) error {
			switch {
			case d < time.Second:
				return nil
			case d < 5*time.Second:
				return bad
			case d < 8*time.Second:
				return away
			}
			return bad
		}, time.Second + Patience, "404"},
		{"a useful answer makes up for the useless ones before", func(d time.Duration) error {
			if int(d/time.Second)%9 == 8 {
				return nil
			}
			return bad
		}, time.Minute, ""},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				err := poll(ctx, 100*time.Millisecond, func(context.Context) error { return test.ask(time.Since(start)) })
				if took := time.Since(start); took != test.lasts {
					t.Errorf("poll lasted %v, want %v", took, test.lasts)
				}
				if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
					t.Errorf("poll = %v, want an error with %q", err, test.want)
				}
			})
		})
	}
	t.Run("the first question is asked at once", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			ctx, cancel := context.WithCancel(t.Context())
			poll(ctx, time.Hour, func(context.Context) error { cancel(); return nil })
			if took := time.Since(start); took != 0 {
				t.Errorf("asked after %v", took)
			}
		})
	})
	t.Run("an interval of nothing is refused", func(t *testing.T) {
		if err := poll(t.Context(), 0, nil); err == nil {
			t.Error("poll = nil, want an error")
		}
	})
}

func TestIntervalReachesBackToTheBeginOfThePollBefore(t *testing.T) {
	start := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return start.Add(d * time.Millisecond) }
	var i interval
	for _, poll := range []struct{ begin, end, want time.Duration }{{0, 30, 0}, {100, 130, 130}, {200, 210, 110}} {
		if got := i.next(at(poll.begin), at(poll.end)); got != poll.want*time.Millisecond {
			t.Errorf("poll from %d to %d ms: resolution %v, want %d ms", poll.begin, poll.end, got, poll.want)
		}
	}
}
