package load

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestRunStops(t *testing.T) {
	t.Run("at once when nothing is under way, however low the rate", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		l := start(t, Config{Rate: 0.01}, func(http.ResponseWriter, *http.Request) {})
		began := time.Now()
		n := 0
		if err := l.Run(ctx, func(harness.Event) { n++; cancel() }); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); n != 1 || took > 5*time.Second {
			t.Errorf("%d events in %v, want 1 at once", n, took)
		}
	})
	t.Run("without an event when the context was done before", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		l := start(t, Config{}, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
		if events := run(t, ctx, l); len(events) != 0 {
			t.Errorf("%d events, want none", len(events))
		}
	})
	t.Run("after the answers that are under way", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var arrived atomic.Int64
		l := start(t, Config{Rate: 100}, func(_ http.ResponseWriter, r *http.Request) {
			if arrived.Add(1) == 10 {
				cancel()
			}
			select { // answers only once nothing is scheduled any more
			case <-ctx.Done():
			case <-r.Context().Done():
			}
		})
		events := run(t, ctx, l)
		got := count(events)
		if got[harness.OK] < 10 || got[harness.OK]+got[harness.NotSent] != len(events) {
			t.Errorf("classes %v, want at least 10 ok and no failure", got)
		}
	})
	t.Run("one timeout after the context when the stack hangs", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		l := start(t, Config{Rate: 50, Timeout: 200 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
			cancel()
			<-r.Context().Done()
		})
		began := time.Now()
		if got := count(run(t, ctx, l)); got[harness.Timeout] == 0 {
			t.Errorf("classes %v, want a timeout", got)
		}
		if took := time.Since(began); took < 200*time.Millisecond || took > 5*time.Second {
			t.Errorf("stopped after %v, want about 200 ms", took)
		}
	})
}
