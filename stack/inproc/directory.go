package inproc

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/fournines/fournines/stack/platform/registry"
)

// directory tells the edge where the gateways are, as a load balancer's
// configuration does: it names all of them, whether they run or not.
type directory struct {
	mu      sync.Mutex
	known   map[string]registry.Instance
	changed chan struct{} // closed and replaced after every change
}

func newDirectory() *directory {
	return &directory{known: make(map[string]registry.Instance), changed: make(chan struct{})}
}

// set notes where an instance is.
func (d *directory) set(in registry.Instance) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[in.Name] = in
	close(d.changed)
	d.changed = make(chan struct{})
}

// list returns the instances in the order of their names, and a channel that
// is closed at the next change.
func (d *directory) list() ([]registry.Instance, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]registry.Instance, 0, len(d.known))
	for _, name := range slices.Sorted(maps.Keys(d.known)) {
		all = append(all, d.known[name])
	}
	return all, d.changed
}

// Watch implements gateway.Watcher; there is only one service.
func (d *directory) Watch(ctx context.Context, _ string, emit func(registry.Update)) error {
	for {
		all, changed := d.list()
		emit(registry.Update{Instances: all})
		select {
		case <-changed:
		case <-ctx.Done():
			return nil
		}
	}
}
