package db

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/vault"
)

const (
	// guardEvery is how often the stream is looked at. A backup that dies holds
	// commits up for so long at most.
	guardEvery = 50 * time.Millisecond
	// stuckLimit is how long commits may wait for a backup that is there and
	// does not go on.
	stuckLimit = 400 * time.Millisecond
	// caughtUp is how far behind the stream may be, in bytes, when commits
	// begin to wait for it.
	caughtUp = 256 << 10
	// holdDown is how long commits do not wait for a backup that was stuck.
	holdDown = 5 * time.Second
	// slotEvery is how often the slot is looked at.
	slotEvery = 2 * time.Second
)

// guard decides whether a commit is acknowledged only once the backup has its
// log on disk. It is while the backup receives the stream and keeps up; a
// backup that is away or stuck must not keep the shop from selling, so that
// then the database's own disk has to do, and the figures say so.
type guard struct {
	config Config
	watch  *watcher
	// waits is true while commits wait for the backup.
	waits atomic.Bool
	// losses is how often that ended.
	losses atomic.Int64

	// stuck is since when commits have waited without the stream going on, at
	// flushed; not before is when they may wait again.
	stuck     time.Time
	flushed   string
	notBefore time.Time
}

// run decides until ctx is done.
func (g *guard) run(ctx context.Context) {
	tick := time.NewTicker(guardEvery)
	defer tick.Stop()
	slot := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := g.look(ctx); err != nil && ctx.Err() == nil {
			g.config.Log.Debug("the stream to the backup cannot be looked at", "error", err.Error())
		}
		if time.Since(slot) > slotEvery {
			slot = time.Now()
			if err := g.watch.ensureSlot(ctx); err != nil && ctx.Err() == nil {
				g.config.Log.Warn("the log is not kept for the backup", "error", err.Error())
			}
		}
	}
}

const guardQuery = `SELECT s.flush_lsn::text, pg_wal_lsn_diff(pg_current_wal_flush_lsn(), s.flush_lsn)::float8,
  (SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep')
FROM (VALUES (1)) one LEFT JOIN pg_stat_replication s ON s.application_name = $1 AND s.state = 'streaming'
ORDER BY s.flush_lsn DESC NULLS LAST LIMIT 1`

func (g *guard) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, figuresLimit)
	defer cancel()
	var flushed *string
	var behind *float64
	var waiting int
	if err := g.watch.pool.QueryRow(ctx, guardQuery, vault.Standby).Scan(&flushed, &behind, &waiting); err != nil {
		return err
	}
	now := time.Now()
	switch {
	case !g.waits.Load():
		if flushed != nil && behind != nil && *behind <= caughtUp && now.After(g.notBefore) {
			return g.set(ctx, true, "the backup receives the log")
		}
	case flushed == nil:
		return g.set(ctx, false, "the backup does not receive the log")
	case waiting == 0 || *flushed != g.flushed:
		g.stuck, g.flushed = now, *flushed
	case now.Sub(g.stuck) > stuckLimit:
		g.notBefore = now.Add(holdDown)
		return g.set(ctx, false, fmt.Sprintf("the backup does not go on from %s and %d commits wait", *flushed, waiting))
	}
	return nil
}

// set makes commits wait for the backup, or not; those that wait go on then.
func (g *guard) set(ctx context.Context, wait bool, why string) error {
	standby := ""
	if wait {
		standby = vault.Standby
	}
	if err := g.config.waitFor(standby); err != nil {
		return err
	}
	if _, err := g.watch.pool.Exec(ctx, "SELECT pg_reload_conf()"); err != nil {
		return fmt.Errorf("say which standby is waited for: %w", err)
	}
	g.waits.Store(wait)
	g.stuck, g.flushed = time.Now(), ""
	if wait {
		g.config.Log.Info("commits wait for the backup", "why", why)
		return nil
	}
	g.losses.Add(1)
	g.config.Log.Warn("commits do not wait for the backup any more: until they do, the loss of this disk loses what was acknowledged last", "why", why)
	return nil
}

// figures say whether what is acknowledged is in two places.
func (g *guard) figures() []telemetry.Figure {
	return []telemetry.Figure{
		{Name: "fournines_db_synchronous", Help: "1 while a commit waits until the backup has its log on disk, else 0.", Value: truth(g.waits.Load())},
		{Name: "fournines_db_synchronous_losses_total", Help: "How often commits ceased to wait for the backup.", Value: float64(g.losses.Load()), Counter: true},
		{Name: "fournines_db_restores_total", Help: "Restores of the data directory since this process started.", Value: float64(g.watch.restores.Load()), Counter: true},
		{Name: "fournines_db_restore_duration_seconds", Help: "How long the last restore took; 0 before the first.", Value: time.Duration(g.watch.restoreTook.Load()).Seconds()},
	}
}
