package docker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/moby/moby/client"

	"github.com/moby/moby/api/types/events"
)

// crew keeps up with what the controller makes: replicas beside those that the
// stack was brought up with, and containers made anew. It is safe for
// concurrent use.
type crew struct {
	stack *Stack

	mu     sync.Mutex
	placed []*replica
	urls   map[string]string

	stop  context.CancelFunc
	ended chan struct{}
}

// watchCrew begins to keep up; close ends it.
func (s *Stack) watchCrew() {
	ctx, stop := context.WithCancel(context.Background())
	w := &crew{stack: s, stop: stop, ended: make(chan struct{})}
	s.crew = w
	go func() {
		defer close(w.ended)
		w.follow(ctx)
	}()
}

func (w *crew) close() {
	if w == nil {
		return
	}
	w.stop()
	<-w.ended
}

// follow looks whenever a container of the run was started or removed.
func (w *crew) follow(ctx context.Context) {
	for ctx.Err() == nil {
		since := client.EventsListOptions{Filters: ofRun(w.stack.runID).Add("type", string(events.ContainerEventType)).
			Add("event", string(events.ActionStart), string(events.ActionDestroy))}
		stream := w.stack.engine.api.Events(ctx, since)
		w.look(ctx)
	reading:
		for {
			select {
			case m := <-stream.Messages:
				if m.Actor.Attributes[labelReplica] != "" && m.Actor.Attributes[labelAgent] == "" {
					w.look(ctx)
				}
			case <-stream.Err:
				break reading
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(eventPause):
		}
	}
}

// look takes over what there is now. What cannot be seen is seen at the next
// event.
func (w *crew) look(ctx context.Context) {
	found, err := w.stack.engine.containersWith(ctx, labelRun+"="+w.stack.runID)
	if err != nil {
		return
	}
	var placed []*replica
	urls := map[string]string{}
	for _, c := range found {
		name := c.labels[labelReplica]
		switch {
		case name == "" || c.labels[labelAgent] != "":
		case c.labels[labelPlaced] != "":
			if m, err := w.member(ctx, c, urls); err == nil {
				placed = append(placed, m)
			}
		default:
			if i := slices.IndexFunc(w.stack.members, func(m *replica) bool { return m.Name() == name }); i >= 0 && w.stack.members[i].ID() != c.id {
				w.stack.members[i].anew.Store(&c.id)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.placed, w.urls = placed, urls
}

// member makes a replica of a container that was placed: what it is made like
// is the first of its component.
func (w *crew) member(ctx context.Context, c candidate, urls map[string]string) (*replica, error) {
	i := slices.IndexFunc(w.stack.members, func(m *replica) bool { return m.Component() == c.labels[labelComponent] })
	if i < 0 {
		return nil, errors.New("nothing is known of its component")
	}
	like := w.stack.members[i]
	r := like.recipe
	r.name, r.node = c.labels[labelReplica], c.labels[labelNode]
	r.ports = map[uint16][]string{}
	for port, names := range like.recipe.ports {
		for _, name := range names {
			r.ports[port] = append(r.ports[port], strings.Replace(name, like.Name(), r.name, 1))
		}
	}
	return w.stack.memberOf(ctx, r, c, urls)
}

// replicas are the placed replicas of a component.
func (w *crew) replicas(component string) (all []*replica) {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.placed {
		if m.Component() == component {
			all = append(all, m)
		}
	}
	return all
}

// url is the address of an endpoint of a placed replica.
func (w *crew) url(endpoint string) (string, bool) {
	if w == nil {
		return "", false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	url, ok := w.urls[endpoint]
	return url, ok
}
