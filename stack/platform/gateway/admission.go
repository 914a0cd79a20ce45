package gateway

import (
	"container/list"
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
)

// Admission bounds what the gateway works on at a time, so that overload costs
// the requests that are too many and not all of them.
type Admission struct {
	// Concurrency is the most requests at a time, from 1. Queue more wait, in
	// their order, for Wait at most.
	Concurrency int             `json:"concurrency"`
	Queue       int             `json:"queue"`
	Wait        config.Duration `json:"wait"`
}

// overloadPause is what a client is told to wait that was not admitted.
const overloadPause = time.Second

// door counts who is inside. Its limits may be others at every call. All
// methods may be called concurrently.
type door struct {
	mu     sync.Mutex
	inside int
	queue  list.List // of chan struct{}, closed by who lets it in
}

// enter returns true once the caller is inside, who then calls leave; false
// when there is no room in the queue, or none inside in time.
func (d *door) enter(ctx context.Context, a Admission) bool {
	d.mu.Lock()
	if d.inside < a.Concurrency && d.queue.Len() == 0 {
		d.inside++
		d.mu.Unlock()
		return true
	}
	if d.queue.Len() >= a.Queue {
		d.mu.Unlock()
		return false
	}
	turn := make(chan struct{})
	place := d.queue.PushBack(turn)
	d.mu.Unlock()
	limit := time.NewTimer(time.Duration(a.Wait))
	defer limit.Stop()
	select {
	case <-turn:
		return true
	case <-limit.C:
	case <-ctx.Done():
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-turn: // let in at the last moment
		return true
	default:
		d.queue.Remove(place)
		return false
	}
}

// leave lets in as many as there is room for.
func (d *door) leave(a Admission) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.inside--
	for d.inside < a.Concurrency && d.queue.Len() > 0 {
		close(d.queue.Remove(d.queue.Front()).(chan struct{}))
		d.inside++
	}
}

// count is how many are inside and how many wait.
func (d *door) count() (inside, waiting int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.inside, d.queue.Len()
}

// admission lets requests through the gateway's door.
type admission struct {
	gateway *Gateway
	limit   Admission
	service string
	next    http.Handler
}

// ServeHTTP refuses with 503 what is too much.
func (a admission) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !a.gateway.door.enter(r.Context(), a.limit) {
		a.gateway.guard.NotAdmitted(a.service)
		retryAfter(w, overloadPause)
		fail(w, r, http.StatusServiceUnavailable, "the gateway is overloaded")
		return
	}
	defer a.gateway.door.leave(a.limit)
	a.next.ServeHTTP(w, r)
}
