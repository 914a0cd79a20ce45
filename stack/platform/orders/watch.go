package orders

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// watchEvery is how often the store is asked whether it takes writes, and
	// watchLimit how long it may take to say so.
	watchEvery = 100 * time.Millisecond
	watchLimit = 500 * time.Millisecond
	// prepareLimit bounds one attempt to prepare the store.
	prepareLimit = 10 * time.Second
)

// watch knows whether the store took writes a moment ago, so that a readiness
// check costs the store nothing.
type watch struct {
	Config
	mu   sync.Mutex
	last error
}

func newWatch(c Config) *watch {
	return &watch{Config: c, last: errors.New("the database has not been asked yet")}
}

// ready is what the store said last.
func (w *watch) ready() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// run prepares the store and then asks it until ctx is done.
func (w *watch) run(ctx context.Context) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	prepared := w.Prepare == nil
	for {
		err := error(nil)
		if !prepared {
			err = within(ctx, prepareLimit, w.Prepare)
			prepared = err == nil
		}
		if err == nil {
			err = within(ctx, watchLimit, w.Store.Ready)
		}
		w.note(ctx, err)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// note keeps an answer and logs it when it is of another kind than the last.
func (w *watch) note(ctx context.Context, err error) {
	w.mu.Lock()
	before := w.last
	w.last = err
	w.mu.Unlock()
	switch {
	case ctx.Err() != nil:
	case err == nil && before != nil:
		w.Log.Info("the database takes orders")
	case err != nil && before == nil:
		w.Log.Warn("the database takes no orders", "error", err.Error())
	}
}

func within(ctx context.Context, limit time.Duration, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return ask(ctx)
}
