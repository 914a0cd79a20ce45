package registrytest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/registry"
)

// registration is a Register that runs.
type registration struct {
	reports chan error
	stop    func() error
}

// register starts Register and waits until it holds. It is stopped when the
// test ends.
func register(t *testing.T, client registry.Registry, in registry.Instance, ttl time.Duration) *registration {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &registration{reports: make(chan error, 1000)}
	ended := make(chan error, 1)
	go func() { ended <- client.Register(ctx, in, ttl, func(err error) { r.reports <- err }) }()
	var result error
	stopped := false
	r.stop = func() error {
		cancel()
		if !stopped {
			result, stopped = <-ended, true
		}
		return result
	}
	t.Cleanup(func() { _ = r.stop() })
	r.awaitReport(t, 30*time.Second, true)
	return r
}

// awaitReport waits for the next good or bad report.
func (r *registration) awaitReport(t *testing.T, limit time.Duration, good bool) {
	t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case err := <-r.reports:
			if (err == nil) == good {
				return
			}
			t.Logf("report: %v", err)
		case <-timer.C:
			t.Fatalf("no report with good=%v within %v", good, limit)
		}
	}
}

// watching is a Watch that runs.
type watching struct {
	updates chan registry.Update
	last    []registry.Instance
}

// watch starts Watch until the test ends.
func watch(t *testing.T, client registry.Registry, service string) *watching {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	w := &watching{updates: make(chan registry.Update, 1000)}
	ended := make(chan error, 1)
	go func() { ended <- client.Watch(ctx, service, func(u registry.Update) { w.updates <- u }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Watch returned %v after its context was done, want nil", err)
		}
	})
	return w
}

// await waits until the watch says exactly want.
func (w *watching) await(t *testing.T, limit time.Duration, want ...registry.Instance) {
	t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case u := <-w.updates:
			if u.Err != nil {
				t.Logf("watch: %v", u.Err)
				continue
			}
			w.last = u.Instances
			if slices.Equal(u.Instances, want) {
				return
			}
		case <-timer.C:
			t.Fatalf("within %v the watch did not say %+v; it last said %+v", limit, want, w.last)
		}
	}
}

// awaitError waits until the watch says that the registry is away.
func (w *watching) awaitError(t *testing.T, limit time.Duration) {
	t.Helper()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		select {
		case u := <-w.updates:
			if u.Err != nil {
				return
			}
			w.last = u.Instances
		case <-timer.C:
			t.Fatalf("within %v the watch did not say that the registry is away", limit)
		}
	}
}

// quiet fails the test when the watch says anything else than before.
func (w *watching) quiet(t *testing.T, length time.Duration) {
	t.Helper()
	timer := time.NewTimer(length)
	defer timer.Stop()
	for {
		select {
		case u := <-w.updates:
			if u.Err == nil && !slices.Equal(u.Instances, w.last) {
				t.Fatalf("the watch said %+v, want it to stay with %+v", u.Instances, w.last)
			}
		case <-timer.C:
			return
		}
	}
}

// current is what the watch said last.
func (w *watching) current() []registry.Instance { return w.last }
