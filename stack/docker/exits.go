package docker

import (
	"sync"

	"github.com/fournines/fournines/stack"
)

// exits passes on what the operating system says about the end of the
// replicas' processes to everybody who listens. It is exact where the engine's
// own report comes some hundredths of a second late. Safe for concurrent use;
// the zero value is ready.
type exits struct {
	mu        sync.Mutex
	listeners map[int]func(stack.Event)
	last      int
}

// listen calls f for every exit until stop is called. f is never called
// concurrently with itself, nor after stop has returned.
func (x *exits) listen(f func(stack.Event)) (stop func()) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.listeners == nil {
		x.listeners = map[int]func(stack.Event){}
	}
	x.last++
	id := x.last
	x.listeners[id] = f
	return func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		delete(x.listeners, id)
	}
}

func (x *exits) announce(e stack.Event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range x.listeners {
		f(e)
	}
}
