package load

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// A generator with one worker behaves like a closed loop: it waits for each
// answer before it sends the next. Latency must show the stall nevertheless.
func TestStallShowsInEveryRequestScheduledDuringIt(t *testing.T) {
	const stall = 300 * time.Millisecond
	for _, test := range []struct {
		rule    string
		workers uint64
	}{
		{"with workers enough", 200},
		{"with one worker, which cannot send during the stall", 1},
	} {
		t.Run(test.rule, func(t *testing.T) {
			var from, to time.Time
			var served atomic.Int64
			hold := make(chan struct{})
			l := start(t, Config{Rate: 200, For: time.Second}, func(http.ResponseWriter, *http.Request) {
				if served.Add(1) == 40 {
					from = time.Now()
					time.AfterFunc(stall, func() { to = time.Now(); close(hold) })
				}
				if served.Load() >= 40 {
					<-hold
				}
			})
			l.workers = test.workers
			events := run(t, t.Context(), l)
			if got := count(events); got[harness.OK] != 200 {
				t.Fatalf("classes %v, want 200 ok", got)
			}
			during := 0
			for _, e := range events {
				if e.Intended.Before(from) || e.Intended.After(to) {
					continue
				}
				during++
				if owed := to.Sub(e.Intended); e.Latency < owed {
					t.Errorf("request %d, intended %v before the stall's end, has latency %v", e.Seq, owed, e.Latency)
				}
			}
			if during < 50 {
				t.Errorf("%d requests scheduled during a stall of %v at 200/s, want about 60", during, stall)
			}
		})
	}
}

func TestRequestsThatNoWorkerCouldTakeAreNotSent(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	var served atomic.Int64
	l := start(t, Config{Rate: 100, Timeout: 300 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
		if served.Add(1) == 3 {
			cancel()
		}
		<-r.Context().Done()
	})
	l.workers = 1 // so that requests pile up, and would be sent in one burst later
	events := run(t, ctx, l)
	var sent, not int
	for _, e := range events {
		switch e.Class {
		case harness.Timeout:
			sent++
			if lag := e.Sent.Sub(e.Intended); lag > l.Timeout {
				t.Errorf("request %d was sent %v late, more than the timeout", e.Seq, lag)
			}
		case harness.NotSent:
			not++
			if !e.Sent.IsZero() || e.Latency != 0 || e.Detail == "" || e.Intended.IsZero() {
				t.Errorf("event %+v, want not-sent with an intended time, a reason and nothing else", e)
			}
		default:
			t.Errorf("event %+v, want timeout or not-sent", e)
		}
	}
	// Two timeouts of 300 ms at 100/s, then the stop.
	if sent < 3 || not < 40 {
		t.Errorf("%d sent and %d not, want at least 3 and 40", sent, not)
	}
}
