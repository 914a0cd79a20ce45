// Package feed hands one writer's values to any number of followers.
package feed

import (
	"context"
	"sync"
)

// Feed is a stream of values. The zero value is ready for use; it must not be
// copied after first use. All methods may be called concurrently.
//
// Values live only as long as a follower still has to read them.
type Feed[T any] struct {
	mu   sync.Mutex
	last *node[T]
}

// node is a place in the stream: ready is closed once value and next are set.
type node[T any] struct {
	ready chan struct{}
	value T
	next  *node[T]
}

// Publish appends v. It never blocks on a follower.
func (f *Feed[T]) Publish(v T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.end()
	n.value, n.next = v, &node[T]{ready: make(chan struct{})}
	f.last = n.next
	close(n.ready)
}

// Follow calls emit for everything that is published from now on, in order,
// from the calling goroutine, until ctx is done. Values published before ctx
// was done may be left unread.
func (f *Feed[T]) Follow(ctx context.Context, emit func(T)) {
	f.Subscribe()(ctx, emit)
}

// Subscribe fixes the place in the stream from which the returned function
// follows, so that nothing is missed between the two calls.
func (f *Feed[T]) Subscribe() func(ctx context.Context, emit func(T)) {
	f.mu.Lock()
	n := f.end()
	f.mu.Unlock()
	return func(ctx context.Context, emit func(T)) {
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
				return
			case <-n.ready:
				emit(n.value)
				n = n.next
			}
		}
	}
}

// end is the node that the next value goes to; f.mu is held.
func (f *Feed[T]) end() *node[T] {
	if f.last == nil {
		f.last = &node[T]{ready: make(chan struct{})}
	}
	return f.last
}
