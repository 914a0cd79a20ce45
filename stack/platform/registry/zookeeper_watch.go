package registry

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/go-zookeeper/zk"
)

// Watch is described at Registry. What is emitted was always read after the
// latest change that the watch was told of.
func (z *ZooKeeper) Watch(ctx context.Context, service string, emit func(Update)) error {
	w := zkWatch{folder: z.root + path.Clean(Prefix(service)), service: service, emit: emit}
	for ctx.Err() == nil {
		s, err := z.open(watchSession)
		if err == nil {
			err = w.run(ctx, s)
			z.end(s)
		}
		if ctx.Err() != nil {
			return nil
		}
		w.lose(fmt.Errorf("watch registry nodes %q: %w", w.folder, err))
		wait(ctx, pause)
	}
	return nil
}

// zkWatch is what one Watch knows.
type zkWatch struct {
	folder, service string
	emit            func(Update)

	// changes gets one event when the children change, and none after it.
	changes <-chan zk.Event
	said    []Instance
	lost    bool
}

// run lists, and lists again after every change and every resync, until the
// client is closed or ctx is done. Other errors are emitted and tried again: the
// session goes on to another member by itself.
func (w *zkWatch) run(ctx context.Context, s *session) error {
	w.changes = nil
	tick := time.NewTicker(resync)
	defer tick.Stop()
	for {
		all, err := w.list(ctx, s)
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, errEnded):
			return err
		case err != nil:
			w.lose(fmt.Errorf("list registry nodes %q: %w", w.folder, err))
			if !wait(ctx, pause) {
				return nil
			}
			continue
		}
		w.say(all)
		select {
		case <-ctx.Done():
			return nil
		case <-w.changes:
			w.changes = nil
		case <-tick.C: // a member that hangs keeps its watchers waiting
		}
	}
}

// listed is what one list has found.
type listed struct {
	all     []Instance
	changes <-chan zk.Event
}

// list reads all instances, from whichever member has the session, and begins
// to watch unless it does already.
func (w *zkWatch) list(ctx context.Context, s *session) ([]Instance, error) {
	for attempt := range s.hosts {
		found := make(chan listed, 1)
		watching := w.changes != nil
		err := s.try(ctx, func(c *zk.Conn) error {
			l, err := w.read(c, watching)
			found <- l
			return err
		})
		// A watch that was begun counts, also when what came after it failed.
		select {
		case l := <-found:
			if l.changes != nil {
				w.changes = l.changes
			}
			if err == nil {
				return l.all, nil
			}
		default:
		}
		if ctx.Err() != nil || errors.Is(err, errEnded) || attempt == len(s.hosts)-1 {
			return nil, err
		}
	}
	return nil, errors.New("no members")
}

// read is one list at one member.
func (w *zkWatch) read(c *zk.Conn, watching bool) (l listed, err error) {
	var names []string
	if watching {
		names, _, err = c.Children(w.folder)
	} else {
		names, _, l.changes, err = c.ChildrenW(w.folder)
		if errors.Is(err, zk.ErrNoNode) {
			if err = ensure(c, w.folder); err == nil {
				names, _, l.changes, err = c.ChildrenW(w.folder)
			}
		}
	}
	if err != nil {
		return l, err
	}
	l.all = []Instance{}
	for _, name := range names {
		value, _, err := c.Get(w.folder + "/" + name)
		if errors.Is(err, zk.ErrNoNode) { // gone since; the watch tells of it
			continue
		}
		if err != nil {
			return l, err
		}
		// A value that cannot be read is as good as none: it must not keep the
		// others from being seen.
		if in, err := parse(Prefix(w.service)+name, value); err == nil {
			l.all = append(l.all, in)
		}
	}
	return l, nil
}

// say emits what is known unless it was said before.
func (w *zkWatch) say(all []Instance) {
	all = sorted(all)
	if w.said != nil && !w.lost && slices.Equal(all, w.said) {
		return
	}
	w.said, w.lost = all, false
	w.emit(Update{Instances: slices.Clone(all)})
}

// lose emits an error unless the latest word was one.
func (w *zkWatch) lose(err error) {
	if !w.lost {
		w.lost = true
		w.emit(Update{Err: err})
	}
}
