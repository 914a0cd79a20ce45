package docker

import (
	"context"
	"sync"
)

// promise is a name that will be known later.
type promise struct {
	known chan struct{}
	name  string
}

func newPromise() *promise { return &promise{known: make(chan struct{})} }

// keep makes the name known, unless there is an error, which it returns. It is
// called once.
func (p *promise) keep(name string, err error) error {
	if err == nil {
		p.name = name
		close(p.known)
	}
	return err
}

// wait returns the name when it is known, or why ctx ended before.
func (p *promise) wait(ctx context.Context) (string, error) {
	select {
	case <-p.known:
		return p.name, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// locks collects locks, from several goroutines.
type locks struct {
	mu  sync.Mutex
	all []*fileLock
}

// add takes a lock that may be nil.
func (l *locks) add(lock *fileLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if lock != nil {
		l.all = append(l.all, lock)
	}
}

// release gives all of them up.
func (l *locks) release() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, lock := range l.all {
		_ = lock.release() // nothing was written to it
	}
	l.all = nil
}
