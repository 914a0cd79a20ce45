package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/fournines/fournines/stack/platform/vault"
)

const (
	// askBackupEvery is how often a backup that does not answer is asked again,
	// complainEvery how often that is logged.
	askBackupEvery = 200 * time.Millisecond
	complainEvery  = 5 * time.Second
	// restoreAttempts is how many base backups that arrive damaged are borne.
	restoreAttempts = 3
	// restoreFile has the settings of a restore that is under way.
	restoreFile = "restore.conf"
)

// restore is one restore from the backup.
type restore struct {
	plan  vault.Plan
	began time.Time
}

// hasCluster reports whether there is a data directory that PostgreSQL can
// start from: one that is there is never restored over, whatever else is wrong
// with it.
func (c Config) hasCluster() (bool, error) {
	for _, name := range []string{"PG_VERSION", "global/pg_control"} {
		_, err := os.Stat(filepath.Join(c.cluster(), name))
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("look at the data directory: %w", err)
		}
	}
	return true, nil
}

// restoreIfLost restores the data directory from the backup when there is none
// and the backup has one. It returns nil when nothing had to be restored, or
// there is nothing: a data directory is made then. That must never happen to a
// database that has been there before, so a backup that does not answer is
// waited for.
func (c Config) restoreIfLost(ctx context.Context) (*restore, error) {
	if c.Backup == nil {
		return nil, nil
	}
	if there, err := c.hasCluster(); there || err != nil {
		return nil, err
	}
	r := &restore{began: time.Now()}
	for attempt := 1; ; attempt++ {
		plan, err := c.awaitPlan(ctx)
		if errors.Is(err, vault.ErrNothing) || errors.Is(err, errCame) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("restore the data directory: %w", err)
		}
		r.plan = plan
		c.Log.Warn("there is no data directory, it is restored from the backup", "base", plan.Base.Label, "received", plan.AtLeast.String())
		damaged, err := c.fetch(ctx, plan)
		if err != nil {
			return nil, fmt.Errorf("restore the data directory: %w", err)
		}
		if damaged == nil {
			return r, nil
		}
		if attempt == restoreAttempts {
			return nil, fmt.Errorf("restore the data directory: the last of %d base backups arrived damaged: %w", attempt, damaged)
		}
		c.Log.Error("the base backup arrived damaged, the backup is told", "base", plan.Base.Label, "error", damaged.Error())
		if err := c.Backup.Report(ctx, vault.Restored{Label: plan.Base.Label, Damaged: damaged.Error()}); err != nil {
			return nil, err
		}
	}
}

// errCame means that there is a data directory after all.
var errCame = errors.New("there is a data directory by now")

// awaitPlan asks the backup until it answers, or somebody puts the data
// directory back.
func (c Config) awaitPlan(ctx context.Context) (vault.Plan, error) {
	var complained time.Time
	for {
		there, err := c.hasCluster()
		if err != nil {
			return vault.Plan{}, err
		}
		if there {
			return vault.Plan{}, errCame
		}
		plan, err := c.Backup.Plan(ctx)
		if err == nil || errors.Is(err, vault.ErrNothing) || errors.Is(err, vault.ErrConflict) {
			return plan, err
		}
		if time.Since(complained) > complainEvery {
			complained = time.Now()
			c.Log.Warn("there is no data directory, and the backup does not say whether there was one; it is asked until it does", "error", err.Error())
		}
		timer := time.NewTimer(askBackupEvery)
		select {
		case <-ctx.Done():
			timer.Stop()
			return plan, ctx.Err()
		case <-timer.C:
		}
	}
}

// fetch gets the base backup, compares it with its manifest, and puts it in
// the place of the data directory, so that PostgreSQL recovers from it at its
// start. damaged is what is wrong with the base.
func (c Config) fetch(ctx context.Context, plan vault.Plan) (damaged, err error) {
	unfinished := c.cluster() + ".restored"
	if err := os.RemoveAll(unfinished); err != nil {
		return nil, err
	}
	if err := c.Backup.FetchBase(ctx, plan.Base.Label, unfinished); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(c.Binaries, "pg_verifybackup"), "--exit-on-error", "--quiet", unfinished)
	cmd.Env = environment()
	if said, err := cmd.CombinedOutput(); ctx.Err() != nil {
		return nil, ctx.Err()
	} else if err != nil {
		return fmt.Errorf("pg_verifybackup: %w; it said: %s", err, strings.TrimSpace(string(said))), nil
	}
	var lines strings.Builder
	for _, s := range c.Backup.Recovery(c.Self, plan.Target, "promote") {
		fmt.Fprintf(&lines, "%s = '%s'\n", s.Name, strings.ReplaceAll(s.Value, "'", "''"))
	}
	err = errors.Join(
		os.WriteFile(filepath.Join(unfinished, restoreFile), []byte(lines.String()), 0o600),
		vault.BeginRecovery(unfinished),
		c.setAside(),
	)
	if err != nil {
		return nil, err
	}
	return nil, os.Rename(unfinished, c.cluster())
}

// setAside keeps what is left of a data directory that PostgreSQL cannot start
// from, for people to look at; of what was kept before nothing stays.
func (c Config) setAside() error {
	if there, err := c.hasCluster(); there || err != nil {
		return errors.Join(errors.New("want no data directory in the place of which the backup goes, saw one"), err)
	}
	aside := c.cluster() + ".broken"
	if _, err := os.Lstat(c.cluster()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := os.RemoveAll(aside); err != nil {
		return err
	}
	c.Log.Warn("what was left of the data directory is kept", "directory", aside)
	return os.Rename(c.cluster(), aside)
}

// partialRecord is how much of what the backup has received may lie behind
// the last record: a record that was not complete when the database died.
const partialRecord = 64 << 10

// finish tells the backup how a restore ended, once the database takes writes.
func (c Config) finish(ctx context.Context, watch *watcher, r *restore) error {
	var reached string
	if err := watch.pool.QueryRow(ctx, "SELECT coalesce(pg_last_wal_replay_lsn(), pg_current_wal_lsn())::text").Scan(&reached); err != nil {
		return fmt.Errorf("ask how far the restore went: %w", err)
	}
	position, err := vault.ParseLSN(reached)
	if err != nil {
		return err
	}
	took := time.Since(r.began)
	c.Log.Info("the database is restored", "base", r.plan.Base.Label, "reached", reached, "took", took.String())
	if position+partialRecord < r.plan.AtLeast {
		c.Log.Error("the restore ended before what the backup had received", "reached", reached, "received", r.plan.AtLeast.String())
	}
	if err := os.Remove(filepath.Join(c.cluster(), restoreFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove the settings of the restore: %w", err)
	}
	watch.restored(took)
	if err := c.Backup.Report(ctx, vault.Restored{Label: r.plan.Base.Label, Reached: position, Seconds: took.Seconds()}); err != nil {
		c.Log.Warn("the backup was not told of the restore", "error", err.Error())
	}
	return nil
}
