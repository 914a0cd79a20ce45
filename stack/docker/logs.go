package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/moby/moby/api/types/events"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

var _ stack.Logs = (*Stack)(nil)

// logPause is the wait before a stream of lines that broke is opened again, and
// logRetries how often in a row that is tried until its container is started
// again.
const (
	logPause   = 200 * time.Millisecond
	logRetries = 20
)

// FollowLogs reads the containers' output from the engine, which keeps the last
// megabytes of each, and the controller's from its file.
func (s *Stack) FollowLogs(ctx context.Context, from time.Time, emit func(stack.LogLine)) error {
	var mu sync.Mutex
	f := &logFollower{stack: s, from: from, known: map[string]*logStream{}, lost: map[string]error{}}
	f.emit = func(l stack.LogLine) {
		mu.Lock()
		defer mu.Unlock()
		emit(l)
	}
	if s.controller != nil {
		f.streams.Go(func() { s.controller.followLog(ctx, from, f.emit) })
	}
	f.follow(ctx)
	f.streams.Wait()
	return f.missing()
}

// logFollower reads one stream of lines per container.
type logFollower struct {
	stack   *Stack
	from    time.Time
	emit    func(stack.LogLine)
	streams sync.WaitGroup

	mu sync.Mutex
	// known are the containers by ID. Their open and again are guarded by mu, the
	// rest belongs to who reads them.
	known map[string]*logStream
	// lost is why lines of a replica may be missing; empty is for all replicas.
	lost map[string]error
}

// follow opens a stream for every container there is and for every one that is
// started, until ctx is done. Where the engine's events break off all are looked
// at again.
func (f *logFollower) follow(ctx context.Context) {
	for ctx.Err() == nil {
		now := time.Now()
		reading, stop := context.WithCancel(ctx)
		stream := f.stack.engine.api.Events(reading, client.EventsListOptions{
			Since:   fmt.Sprintf("%d.%09d", now.Unix(), now.Nanosecond()),
			Filters: f.filters().Add("type", string(events.ContainerEventType)).Add("event", string(events.ActionStart)),
		})
		err := f.look(ctx)
		if ctx.Err() == nil {
			f.note("", err)
		}
		for err == nil {
			select {
			case m := <-stream.Messages:
				f.take(ctx, m.Actor.ID, m.Actor.Attributes)
			case <-stream.Err:
				err = errors.New("the engine's events broke off")
			}
		}
		stop()
		select {
		case <-ctx.Done():
		case <-time.After(logPause):
		}
	}
}

func (f *logFollower) filters() client.Filters {
	if f.stack.attached != nil {
		return maps.Clone(f.stack.attached.filters)
	}
	return ofRun(f.stack.runID)
}

// look takes all containers that there are, running or not.
func (f *logFollower) look(ctx context.Context) error {
	found, err := f.stack.engine.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: f.filters()})
	if err != nil {
		return fmt.Errorf("list containers: %w", err)
	}
	for _, c := range found.Items {
		f.take(ctx, c.ID, c.Labels)
	}
	return nil
}

// take begins to read a container that nobody reads; labels are its own.
// Containers that are no replica are passed over.
func (f *logFollower) take(ctx context.Context, id string, labels map[string]string) {
	replica, component := labels[labelReplica], labels[labelComponent]
	if f.stack.attached != nil {
		replica = f.stack.attached.label(labels)
	}
	for _, m := range f.stack.members {
		if m.Name() == replica {
			component = m.Component()
		}
	}
	if replica == "" || component == "" || labels[labelAgent] != "" {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.known[id]
	if s == nil {
		s = &logStream{id: id, replica: replica, component: component, last: f.from}
		f.known[id] = s
	}
	if s.again = s.open; s.open {
		return
	}
	s.open = true
	f.streams.Go(func() {
		if err := safely(func() error { f.container(ctx, s); return nil })(); err != nil { // no run ends for want of a line
			f.note(replica, err)
		}
	})
}

// container reads one container until it has ended and said all, or ctx is done.
func (f *logFollower) container(ctx context.Context, s *logStream) {
	for broken := 0; ctx.Err() == nil; {
		lines, err := s.read(ctx, f.stack.engine, f.emit)
		if lines > 0 {
			broken = 0
			f.note(s.replica, nil)
		}
		running := false
		if err == nil {
			running, err = s.running(ctx, f.stack.engine)
		}
		if ctx.Err() != nil {
			return
		}
		gone := isNotFound(err)
		if err != nil && !gone {
			broken++
		}
		if (gone || err == nil && !running || broken >= logRetries) && f.leave(s) {
			if err != nil && !gone {
				f.note(s.replica, err)
			}
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(logPause):
		}
	}
}

// leave gives a container up; false when it was started in the meantime.
func (f *logFollower) leave(s *logStream) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	s.open, s.again = s.again, false
	return !s.open
}

// note remembers why lines of a replica may be missing; nil is that they are not
// any more.
func (f *logFollower) note(replica string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		delete(f.lost, replica)
		return
	}
	f.lost[replica] = err
}

// missing says of whom lines may be missing.
func (f *logFollower) missing() error {
	var all []error
	for _, replica := range slices.Sorted(maps.Keys(f.lost)) {
		all = append(all, fmt.Errorf("lines of %s may be missing: %w", cmp.Or(replica, "all replicas"), f.lost[replica]))
	}
	return errors.Join(all...)
}
