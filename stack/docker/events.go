package docker

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/moby/moby/api/types/events"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

const (
	// eventRetries is how often in a row a broken event stream is opened again
	// before that is an error.
	eventRetries = 5
	eventPause   = 200 * time.Millisecond
)

// Events reports what the engine says of the run's containers, with the
// engine's own time. Nothing from the call on is missed, also when the
// connection to the engine breaks and comes back. Where the processes can be
// seen from here, the exact end of one that was killed comes beside it, with
// the kind "exited".
func (s *Stack) Events(ctx context.Context, emit func(stack.Event)) error {
	var mu sync.Mutex
	one := func(e stack.Event) {
		mu.Lock()
		defer mu.Unlock()
		emit(e)
	}
	defer s.exits.listen(one)()
	return s.engineEvents(ctx, one)
}

// engineEvents is Events without what the operating system says.
func (s *Stack) engineEvents(ctx context.Context, emit func(stack.Event)) error {
	since := time.Now()
	seen := make(map[string]bool) // what was reported of the latest instant
	for broken := 0; ; broken++ {
		err := s.follow(ctx, since, func(e stack.Event) {
			broken = 0
			key := e.Replica + e.Kind
			if e.Time.Before(since) || e.Time.Equal(since) && seen[key] {
				return
			}
			if e.Time.After(since) {
				since = e.Time
				clear(seen)
			}
			seen[key] = true
			emit(e)
		})
		if ctx.Err() != nil {
			return nil
		}
		if broken >= eventRetries {
			return fmt.Errorf("follow the engine's events: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(eventPause):
		}
	}
}

// follow reports events from since on until the stream breaks.
func (s *Stack) follow(ctx context.Context, since time.Time, emit func(stack.Event)) error {
	ctx, cancel := context.WithCancel(ctx) // ends the stream
	defer cancel()
	filters := ofRun(s.runID)
	if s.attached != nil {
		filters = maps.Clone(s.attached.filters)
	}
	filters.Add("type", string(events.ContainerEventType))
	for action := range eventKinds {
		filters.Add("event", string(action))
	}
	stream := s.engine.api.Events(ctx, client.EventsListOptions{
		Since:   fmt.Sprintf("%d.%09d", since.Unix(), since.Nanosecond()),
		Filters: filters,
	})
	for {
		select {
		case m := <-stream.Messages:
			if e, ok := eventOf(m, s.replicaOf(m)); ok {
				emit(e)
			}
		case err := <-stream.Err:
			return err
		}
	}
}

// eventKinds are the engine's words for the kinds of stack.Event.
var eventKinds = map[events.Action]string{
	events.ActionDie:     "died",
	events.ActionStart:   "started",
	events.ActionPause:   "paused",
	events.ActionUnPause: "unpaused",
}

// replicaOf is the name of the replica that an event is about; empty when it is
// about none.
func (s *Stack) replicaOf(m events.Message) string {
	if s.attached != nil {
		return s.attached.label(m.Actor.Attributes)
	}
	return m.Actor.Attributes[labelReplica]
}

// eventOf translates the engine's event; false when it is about nothing that
// stack.Event knows.
func eventOf(m events.Message, replica string) (stack.Event, bool) {
	kind, ok := eventKinds[m.Action]
	if !ok || replica == "" {
		return stack.Event{}, false
	}
	e := stack.Event{Time: time.Unix(0, m.TimeNano), Replica: replica, Kind: kind}
	if m.Action == events.ActionDie {
		e.Detail = "exit code " + m.Actor.Attributes["exitCode"]
	}
	return e, true
}
