package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/vault"
)

// readyLimit bounds the query that readiness rests on.
const readyLimit = 500 * time.Millisecond

// Run makes the data directory if there is none, runs PostgreSQL until ctx is
// done, ends it cleanly and returns nil. It returns an error when PostgreSQL
// ends by itself: whoever runs this program starts it again, and PostgreSQL
// recovers from its write-ahead log. The server is ready when it answers
// queries and takes writes.
func Run(ctx context.Context, c Config) error {
	watch, err := newWatcher(c)
	if err != nil {
		return errors.Join(err, c.Admin.Close())
	}
	defer watch.close()
	metrics := telemetry.NewMetrics()
	metrics.Read(watch.figures)
	keeper := &guard{config: c, watch: watch}
	if c.Backup != nil {
		metrics.Read(keeper.figures)
	}
	var prepared atomic.Bool
	return process.Program{
		Sockets: process.Sockets{Admin: c.Admin}, Service: "db",
		Ready: func() error {
			if !prepared.Load() {
				return errors.New("PostgreSQL has not started yet")
			}
			ctx, cancel := context.WithTimeout(ctx, readyLimit)
			defer cancel()
			return watch.writable(ctx)
		},
		Metrics: metrics.Handler(),
		Background: func(ctx context.Context) error {
			return c.serve(ctx, watch, keeper, func() { prepared.Store(true) })
		},
		Log: c.Log,
	}.Run(ctx)
}

// serve is Run without its watching; ready is called once the shop's user and
// database exist.
func (c Config) serve(ctx context.Context, watch *watcher, keeper *guard, ready func()) error {
	lock, err := c.lock()
	if err != nil {
		return err
	}
	defer lock.Close()
	restored, err := c.restoreIfLost(ctx)
	if err != nil {
		return unlessDone(ctx, err)
	}
	if err := c.ensureCluster(ctx); err != nil {
		return unlessDone(ctx, err)
	}
	// The lock is ours, so no server lives that this file could speak of. Its
	// process ID would mean one of ours by now, and PostgreSQL would give up.
	if err := os.Remove(filepath.Join(c.cluster(), "postmaster.pid")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the mark of a server that was killed: %w", err)
	}
	own, err := user.Current()
	if err != nil {
		return fmt.Errorf("find this process's user: %w", err)
	}
	if err := c.configure(own.Username); err != nil {
		return err
	}
	server, err := c.start(lock)
	if err != nil {
		return err
	}
	serving, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	prepared := make(chan struct{})
	go func() {
		defer close(prepared)
		if err := c.prepare(serving, watch, keeper, restored, ready); err != nil {
			stop(unlessDone(serving, err))
		}
	}()
	err = server.await(serving)
	cause := context.Cause(serving)
	stop(nil)
	<-prepared
	if cause != nil && ctx.Err() == nil {
		return errors.Join(cause, err)
	}
	return err
}

// prepare calls ready once the database is what the shop needs, and then keeps
// it so until ctx is done.
func (c Config) prepare(ctx context.Context, watch *watcher, keeper *guard, restored *restore, ready func()) error {
	if err := watch.prepare(ctx, c.Password); err != nil {
		return err
	}
	if c.Backup == nil {
		ready()
		return nil
	}
	if err := watch.ensureBackup(ctx, c.Backup.Password); err != nil {
		return fmt.Errorf("make user %q: %w", vault.User, err)
	}
	if restored != nil {
		if err := c.finish(ctx, watch, restored); err != nil {
			return err
		}
	}
	ready()
	keeper.run(ctx)
	return nil
}

// lock makes the data directory this process's own, and that of the server
// that it starts: the server inherits the lock.
func (c Config) lock() (*os.File, error) {
	path := filepath.Join(c.Data, "lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("lock %q: want to be the only server of this directory: %w", path, err), file.Close())
	}
	return file, nil
}

// unlessDone forgives an error of work that was told to end.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}
