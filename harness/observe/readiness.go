package observe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fournines/fournines/harness"
)

// Check is a replica's readiness check.
type Check struct {
	// Replica is the replica's name.
	Replica string
	// Ready returns nil when the replica is ready, otherwise what was
	// expected and seen. It obeys ctx.
	Ready func(ctx context.Context) error
}

// Readiness asks the given checks every interval and emits ready and not-ready
// when an answer differs from the one before, with the source "readiness". The
// first answer is where a replica starts from and no signal. A check that does
// not answer within a second means not ready. Replicas are asked independently
// of each other: one that hangs does not hold up the rest.
func Readiness(every time.Duration, checks ...Check) harness.Observer {
	return &readiness{every: every, checks: checks}
}

type readiness struct {
	every  time.Duration
	checks []Check
}

func (r *readiness) String() string { return "readiness" }

// Observe implements harness.Observer. It waits for ctx even when there is
// nothing to check.
func (r *readiness) Observe(ctx context.Context, emit func(harness.Signal)) error {
	var one sync.Mutex
	all, ctx := errgroup.WithContext(ctx)
	for _, c := range r.checks {
		all.Go(func() error {
			err := c.follow(ctx, r.every, func(s harness.Signal) {
				one.Lock()
				defer one.Unlock()
				emit(s)
			})
			if err != nil {
				return fmt.Errorf("observe readiness of %q: %w", c.Replica, err)
			}
			return nil
		})
	}
	<-ctx.Done()
	return all.Wait()
}

// follow asks one replica's check.
func (c Check) follow(ctx context.Context, every time.Duration, emit func(harness.Signal)) error {
	var polled interval
	known, wasReady := false, false
	return poll(ctx, every, func(ctx context.Context) error {
		begin := time.Now()
		ask, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		why := c.Ready(ask)
		if ctx.Err() != nil {
			return nil // the check may have been cut off: no answer
		}
		end := time.Now()
		ready := why == nil
		resolution := polled.next(begin, end)
		if known && ready != wasReady {
			s := harness.Signal{Time: end, Resolution: resolution, Source: "readiness", Subject: c.Replica, Kind: harness.Ready}
			if !ready {
				s.Kind, s.Detail = harness.NotReady, why.Error()
			}
			emit(s)
		}
		known, wasReady = true, ready
		return nil
	})
}
