package registry

import (
	"context"
	"fmt"
	"strconv"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// WatchKey calls emit with the value of one key and the revision of its last
// change, at once and after every change, until ctx is done, and then returns
// nil. While the key cannot be read, or does not exist, it emits that once and
// keeps trying. emit is called from WatchKey's goroutine.
func (e *Etcd) WatchKey(ctx context.Context, key string, emit func(value []byte, revision string, err error)) error {
	w := keyWatch{etcd: e, key: key, emit: emit}
	for ctx.Err() == nil {
		err := w.run(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !w.lost {
			w.lost = true
			emit(nil, "", err)
		}
		wait(ctx, pause)
	}
	return nil
}

// keyWatch is what one WatchKey knows.
type keyWatch struct {
	etcd *Etcd
	key  string
	emit func([]byte, string, error)

	said int64 // the revision that was emitted last
	lost bool  // an error was emitted after it
}

// run reads the key and waits until it may have changed.
func (w *keyWatch) run(ctx context.Context) error {
	revision, err := w.read(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(clientv3.WithRequireLeader(ctx))
	defer cancel()
	changes := w.etcd.client.Watch(ctx, w.key, clientv3.WithRev(revision+1))
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
				return fmt.Errorf("watch registry key %q: %w", w.key, err)
			}
		case <-tick.C: // a member that hangs keeps its watchers waiting
		}
		if _, err := w.read(ctx); err != nil {
			return err
		}
	}
}

// read reads the key from any member and emits it if it is new.
func (w *keyWatch) read(ctx context.Context) (revision int64, err error) {
	for range w.etcd.client.Endpoints() {
		var got *clientv3.GetResponse
		err = w.etcd.try(ctx, func(ctx context.Context) (err error) {
			got, err = w.etcd.client.Get(ctx, w.key)
			return err
		})
		if err != nil {
			continue
		}
		if len(got.Kvs) == 0 {
			return 0, fmt.Errorf("read registry key %q: it does not exist", w.key)
		}
		if kv := got.Kvs[0]; kv.ModRevision != w.said || w.lost {
			w.said, w.lost = kv.ModRevision, false
			w.emit(kv.Value, strconv.FormatInt(kv.ModRevision, 10), nil)
		}
		return got.Header.Revision, nil
	}
	return 0, fmt.Errorf("read registry key %q: %w", w.key, err)
}

// Put writes a key. It is how a configuration is published.
func (e *Etcd) Put(ctx context.Context, key string, value []byte) error {
	var err error
	for range e.client.Endpoints() {
		err = e.try(ctx, func(ctx context.Context) error {
			_, err := e.client.Put(ctx, key, string(value))
			return err
		})
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("write registry key %q: %w", key, err)
}
