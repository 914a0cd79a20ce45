package stacktest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

// events collects what a stack reports.
type events struct {
	mu  sync.Mutex
	all []stack.Event
}

// watchEvents collects until the test ends, and checks that Events then
// returns nil.
func watchEvents(t *testing.T, st stack.Stack) *events {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	e := new(events)
	ended := make(chan error, 1)
	go func() {
		ended <- st.Events(ctx, func(ev stack.Event) {
			e.mu.Lock()
			defer e.mu.Unlock()
			e.all = append(e.all, ev)
		})
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("Events returned %v after its context was done, want nil", err)
			}
		case <-time.After(patience):
			t.Errorf("Events did not return within %v after its context was done", patience)
		}
	})
	return e
}

// has is a check for eventually: an event of that kind about that replica has
// been reported, with a time that is not before since.
func (e *events) has(replica, kind string, since time.Time) func(context.Context) error {
	return func(context.Context) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, ev := range e.all {
			if ev.Replica == replica && ev.Kind == kind && !ev.Time.Before(since.Add(-clockSlack)) {
				if ev.Time.After(time.Now().Add(clockSlack)) {
					return fmt.Errorf("event %q of %q lies in the future: %v", kind, replica, ev.Time)
				}
				return nil
			}
		}
		return fmt.Errorf("no event %q about %q since %v in %+v", kind, replica, since, e.all)
	}
}

// clockSlack is how far a backend's clock reading may be off.
const clockSlack = 100 * time.Millisecond
