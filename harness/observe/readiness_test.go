package observe

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestReadiness(t *testing.T) {
	const every = 100 * time.Millisecond
	// between makes a replica that is not ready from one time to another.
	between := func(name string, start time.Time, from, to time.Duration) Check {
		return Check{name, func(context.Context) error {
			if d := time.Since(start); d >= from && d < to {
				return errors.New("expected status 200, saw 503")
			}
			return nil
		}}
	}
	flip := func(start time.Time, after time.Duration, name string, k harness.Kind, resolution time.Duration) harness.Signal {
		s := harness.Signal{Time: start.Add(after), Resolution: resolution, Source: "readiness", Subject: name, Kind: k}
		if k == harness.NotReady {
			s.Detail = "expected status 200, saw 503"
		}
		return s
	}
	t.Run("changes are emitted, and dated back to the poll before", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			got := signals(t, Readiness(every, between("catalog-2", start, 250*time.Millisecond, 950*time.Millisecond)), 2*time.Second)
			same(t, []harness.Signal{
				flip(start, 300*time.Millisecond, "catalog-2", harness.NotReady, every),
				flip(start, 1000*time.Millisecond, "catalog-2", harness.Ready, every),
			}, got)
		})
	})
	t.Run("the first answer is no signal, whatever it is", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			got := signals(t, Readiness(every, between("catalog-2", start, 0, 450*time.Millisecond)), time.Second)
			same(t, []harness.Signal{flip(start, 500*time.Millisecond, "catalog-2", harness.Ready, every)}, got)
		})
	})
	t.Run("a replica that hangs is not ready, and holds up nobody else", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			hangs := Check{"catalog-1", func(ctx context.Context) error {
				if d := time.Since(start); d < 250*time.Millisecond || d > 2*time.Second {
					return nil
				}
				<-ctx.Done()
				return ctx.Err()
			}}
			got := signals(t, Readiness(every, hangs, between("catalog-2", start, 450*time.Millisecond, time.Hour)), 1500*time.Millisecond)
			want := []harness.Signal{
				flip(start, 500*time.Millisecond, "catalog-2", harness.NotReady, every),
				// Asked at 300 ms, given up on a second later; last seen ready at 200 ms.
				flip(start, 1300*time.Millisecond, "catalog-1", harness.NotReady, 1100*time.Millisecond),
			}
			want[1].Detail = context.DeadlineExceeded.Error()
			same(t, want, got)
		})
	})
	t.Run("a check that is cut off by the end says nothing", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			got := signals(t, Readiness(every, Check{"catalog-1", func(ctx context.Context) error {
				if time.Since(start) < 250*time.Millisecond {
					return nil
				}
				<-ctx.Done()
				return ctx.Err()
			}}), 400*time.Millisecond)
			if diff := cmp.Diff([]harness.Signal(nil), got); diff != "" {
				t.Error(diff)
			}
		})
	})
	t.Run("without replicas it waits for the end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			signals(t, Readiness(every), time.Second)
			if took := time.Since(start); took != time.Second {
				t.Errorf("lasted %v, want 1s", took)
			}
		})
	})
	t.Run("an interval of nothing is an error", func(t *testing.T) {
		err := Readiness(0, Check{"a", func(context.Context) error { return nil }}).Observe(t.Context(), nil)
		if err == nil {
			t.Error("Observe = nil, want an error")
		}
	})
}
