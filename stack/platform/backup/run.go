package backup

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/transition"
)

const (
	// retryEvery is the pause after work that failed.
	retryEvery = time.Second
	// startEvery is the pause before the first base backup is tried again: the
	// database starts at the same time.
	startEvery = 100 * time.Millisecond
)

// backup is a backup target that runs.
type backup struct {
	Config
	reflinks bool
	state    state
	// told are the base backups that were made and the restores that were tried.
	told *transition.List
	// wanted holds a token when a base backup is to be made soon.
	wanted chan struct{}
	// making, drilling and filing are held by who makes a base backup, tries a
	// restore, and changes the archive; pinning by who decides whose backup it is.
	making, drilling, filing, pinning sync.Mutex
}

// Run is a backup target until ctx is done; then it returns nil. It is ready
// when the rsync daemon answers and there is a base backup to restore from.
func Run(ctx context.Context, c Config) error {
	b := &backup{Config: c, told: transition.New(), wanted: make(chan struct{}, 1)}
	b.state.started, b.state.failures = time.Now(), map[string]float64{}
	if err := b.prepare(); err != nil {
		return errors.Join(fmt.Errorf("prepare the backup: %w", err), c.Admin.Close())
	}
	metrics := telemetry.NewMetrics()
	metrics.Read(b.figures)
	return process.Program{
		Sockets: process.Sockets{Admin: c.Admin}, Service: "backup",
		Ready: b.ready, Metrics: metrics.Handler(), Routes: b.routes(), Background: b.background, Log: c.Log,
	}.Run(ctx)
}

// prepare makes the folders and removes what was not finished.
func (b *backup) prepare() error {
	if err := b.folders(); err != nil {
		return err
	}
	b.reflinks = canReflink(b.Data)
	b.Log.Info("the backup is on a volume", "kind", b.volume())
	var errs []error
	for _, folder := range []string{b.bases(), b.drills()} {
		entries, err := os.ReadDir(folder)
		errs = append(errs, err)
		for _, e := range entries {
			if folder == b.drills() || strings.HasPrefix(e.Name(), ".") || (e.IsDir() && !b.isBase(e.Name())) {
				errs = append(errs, os.RemoveAll(filepath.Join(folder, e.Name())))
			}
		}
	}
	bases, err := b.listBases()
	if len(bases) > 0 {
		b.state.based(bases[len(bases)-1])
	}
	return errors.Join(append(errs, err)...)
}

// ready says whether a database could be restored from here.
func (b *backup) ready() error {
	if b.countBases() == 0 { // asked first: the daemon starts a process for each that calls
		return errors.New("there is no base backup yet")
	}
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", b.DaemonPort), time.Second)
	if err != nil {
		return fmt.Errorf("want the rsync daemon to answer: %w", err)
	}
	return conn.Close()
}

// background is all that is done without being asked.
func (b *backup) background(ctx context.Context) error {
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error { return b.daemon(ctx) })
	all.Go(func() error { return b.follow(ctx) })
	if b.Stream {
		all.Go(func() error { return b.stream(ctx) })
	}
	all.Go(func() error { return b.keepBases(ctx) })
	all.Go(func() error { return b.keepChecking(ctx) })
	if b.Drill > 0 {
		all.Go(func() error { return b.keepDrilling(ctx) })
	}
	return all.Wait()
}

// keepBases makes a base backup when the newest is too old, or one is wanted.
func (b *backup) keepBases(ctx context.Context) error {
	for {
		newest := b.state.now().base.Ended
		if b.countBases() == 0 {
			newest = time.Time{}
		}
		due := time.NewTimer(time.Until(newest.Add(b.Every)))
		select {
		case <-ctx.Done():
			due.Stop()
			return nil
		case <-due.C:
		case <-b.wanted:
			due.Stop()
		}
		for wait := startEvery; ; wait = retryEvery {
			err := b.answers(ctx)
			if err == nil {
				_, err = b.makeBase(ctx)
			}
			if err == nil || ctx.Err() != nil {
				break
			}
			if !newest.IsZero() { // before the first the database may not have started
				b.failed("base", err)
			} else {
				b.Log.Debug("there is no base backup yet", "error", err.Error())
				wait = startEvery
			}
			if !pause(ctx, wait) {
				return nil
			}
		}
	}
}

// answers is nil when the database lets the backup in: to ask costs far less
// than to start a program that finds out.
func (b *backup) answers(ctx context.Context) error {
	_, _, err := b.identity(ctx)
	return err
}

// want has a base backup made soon.
func (b *backup) want() {
	select {
	case b.wanted <- struct{}{}:
	default:
	}
}

func (b *backup) keepChecking(ctx context.Context) error {
	for pause(ctx, b.Check) {
		if _, err := b.check(ctx); ctx.Err() == nil {
			b.failed("check", err)
		}
	}
	return nil
}

func (b *backup) keepDrilling(ctx context.Context) error {
	for pause(ctx, b.Drill) {
		if _, err := b.drill(ctx); ctx.Err() == nil {
			b.failed("drill", err)
		}
	}
	return nil
}

// failed counts and logs what failed; nil did not.
func (b *backup) failed(task string, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	b.state.fail(task)
	b.Log.Warn("failed", "task", task, "error", err.Error())
}
