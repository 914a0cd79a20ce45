package observe

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
)

const (
	// eventResolution is how exactly a backend dates its own events.
	eventResolution = time.Millisecond
	// streamPause is how long to wait before a broken stream is opened again.
	streamPause = 200 * time.Millisecond
)

// Stream is a source of events that a stack has itself. It emits until ctx is
// done and then returns nil; emit is never called concurrently.
type Stream func(ctx context.Context, emit func(at time.Time, replica, kind, detail string)) error

// Containers turns what the container engine reports into signals with the
// source "containers": died, started, paused, unpaused. Events of other kinds
// are not signals.
func Containers(events Stream) harness.Observer {
	return &relay{
		source: "containers", events: events,
		kinds: []harness.Kind{harness.Died, harness.Exited, harness.Started, harness.Paused, harness.Unpaused},
	}
}

// RegistryEvents is Registry for a stack whose registry is not etcd and which
// reports registered, lease-expired and deregistered itself.
func RegistryEvents(events Stream) harness.Observer {
	return &relay{
		source: registrySource, events: events,
		kinds: []harness.Kind{harness.Registered, harness.LeaseExpired, harness.Deregistered},
	}
}

// relay passes on events of some kinds.
type relay struct {
	source string
	kinds  []harness.Kind
	events Stream
}

func (r *relay) String() string { return r.source }

// Observe implements harness.Observer. A stream that breaks is opened again; it
// is an error when that goes on for Patience.
func (r *relay) Observe(ctx context.Context, emit func(harness.Signal)) error {
	var brokenSince time.Time
	for {
		opened := time.Now()
		err := r.events(ctx, func(at time.Time, replica, kind, detail string) {
			for _, k := range r.kinds {
				if string(k) == kind {
					emit(harness.Signal{
						Time: at, Resolution: eventResolution, Source: r.source,
						Subject: replica, Kind: k, Detail: detail,
					})
				}
			}
		})
		if ctx.Err() != nil {
			return nil
		}
		if err == nil {
			err = errors.New("the stream ended")
		}
		now := time.Now()
		if brokenSince.IsZero() || now.Sub(opened) >= Patience {
			brokenSince = now
		}
		if now.Sub(brokenSince) >= Patience {
			return fmt.Errorf("observe %s: no stream for %v: %w", r.source, Patience, err)
		}
		if !wait(ctx, streamPause) {
			return nil
		}
	}
}

// wait lets d pass, and reports false when ctx was done before.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
