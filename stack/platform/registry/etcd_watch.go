package registry

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// resync is how often a watch compares what it was told with what is there: a
// member that hangs keeps its watchers waiting without a word.
const resync = 2 * time.Second

// Watch is described at Registry.
func (e *Etcd) Watch(ctx context.Context, service string, emit func(Update)) error {
	w := watch{etcd: e, prefix: Prefix(service), emit: emit}
	for ctx.Err() == nil {
		err := w.run(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !w.lost {
			w.lost = true
			emit(Update{Err: err})
		}
		wait(ctx, pause)
	}
	return nil
}

// watch is what one Watch knows.
type watch struct {
	etcd   *Etcd
	prefix string
	emit   func(Update)

	known map[string]Instance // by key; nil before the first list
	said  []Instance
	// lost is true after an error was emitted.
	lost bool
}

// run lists once and follows changes until something is wrong. It returns nil
// when the stream of changes has to be opened again.
func (w *watch) run(ctx context.Context) error {
	revision, err := w.list(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	changes := w.etcd.client.Watch(ctx, w.prefix, clientv3.WithPrefix(), clientv3.WithRev(revision+1))
	tick := time.NewTicker(resync)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case change, ok := <-changes:
			if !ok {
				return nil
			}
			if err := change.Err(); err != nil {
				return fmt.Errorf("watch registry keys %q: %w", w.prefix, err)
			}
			w.apply(change.Events)
		case <-tick.C:
			before := maps.Clone(w.known)
			if _, err := w.list(ctx); err != nil {
				return err
			}
			if !maps.Equal(before, w.known) {
				return nil // the stream is behind
			}
		}
	}
}

// list reads all keys from the cluster, trying each member once.
func (w *watch) list(ctx context.Context) (revision int64, err error) {
	for range w.etcd.client.Endpoints() {
		var got *clientv3.GetResponse
		err = w.etcd.try(ctx, func(ctx context.Context) (err error) {
			got, err = w.etcd.client.Get(ctx, w.prefix, clientv3.WithPrefix())
			return err
		})
		if err == nil {
			w.known = make(map[string]Instance)
			for _, kv := range got.Kvs {
				w.take(string(kv.Key), kv.Value)
			}
			w.say()
			return got.Header.Revision, nil
		}
	}
	return 0, fmt.Errorf("list registry keys %q: %w", w.prefix, err)
}

// apply takes changes over in their order.
func (w *watch) apply(events []*clientv3.Event) {
	for _, event := range events {
		if event.Type == clientv3.EventTypeDelete {
			delete(w.known, string(event.Kv.Key))
			continue
		}
		w.take(string(event.Kv.Key), event.Kv.Value)
	}
	w.say()
}

// take keeps an instance. A value that cannot be read is as good as none: it
// must not keep the others from being seen.
func (w *watch) take(key string, value []byte) {
	in, err := parse(key, value)
	if err != nil {
		delete(w.known, key)
		return
	}
	w.known[key] = in
}

// say emits what is known unless it was said before.
func (w *watch) say() {
	all := sorted(slices.Collect(maps.Values(w.known)))
	if w.said != nil && !w.lost && slices.Equal(all, w.said) {
		return
	}
	if all == nil {
		all = []Instance{}
	}
	w.said, w.lost = all, false
	w.emit(Update{Instances: slices.Clone(all)})
}
