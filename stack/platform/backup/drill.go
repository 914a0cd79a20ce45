package backup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fournines/fournines/stack/platform/vault"
)

// drillLimit bounds one drill.
const drillLimit = 5 * time.Minute

// errBusy means that there is a drill already.
var errBusy = errors.New("there is a drill already")

// Drill is how an attempt to restore ended.
type Drill struct {
	Began time.Time `json:"began"`
	Ended time.Time `json:"ended"`
	// Base is the backup that was restored, Position that of the log to which
	// it was.
	Base     string    `json:"base"`
	Position vault.LSN `json:"position"`
	// Tables and Rows are what was compared.
	Tables int   `json:"tables"`
	Rows   int64 `json:"rows"`
	// RestoreSeconds is how long it took until the restored server answered,
	// from the copying of the base on.
	RestoreSeconds float64 `json:"restoreSeconds"`
	// Verified is true when the restored server holds in every table what the
	// database held at the position.
	Verified bool `json:"verified"`
	// Problem says why not.
	Problem string `json:"problem,omitempty"`
}

// drill restores the newest base backup and the log to a server of its own and
// compares that with the database. Its result is kept, also of one that fails.
func (b *backup) drill(ctx context.Context) (d Drill, err error) {
	if !b.drilling.TryLock() {
		return d, errBusy
	}
	defer b.drilling.Unlock()
	ctx, cancel := context.WithTimeout(ctx, drillLimit)
	defer cancel()
	d.Began = time.Now().UTC()
	err = b.try(ctx, &d)
	d.Ended = time.Now().UTC()
	if d.Verified = err == nil; !d.Verified {
		d.Problem = err.Error()
	}
	b.state.drill(d)
	if !errors.Is(err, context.Canceled) { // called off is not failed
		b.tellDrill(d)
	}
	if err != nil {
		return d, fmt.Errorf("try to restore: %w", err)
	}
	b.Log.Info("a restore is verified", "base", d.Base, "position", d.Position.String(), "tables", d.Tables, "rows", d.Rows, "restore_seconds", d.RestoreSeconds)
	return d, nil
}

func (b *backup) try(ctx context.Context, d *Drill) error {
	plan, err := b.plan()
	if err != nil {
		return err
	}
	d.Base = plan.Base.Label
	mark, err := b.mark(ctx)
	if err != nil {
		return err
	}
	want, err := contents(ctx, mark.snapshot)
	if err := errors.Join(err, mark.end(ctx)); err != nil {
		return fmt.Errorf("read what the database holds: %w", err)
	}
	d.Position = mark.position
	if err := b.awaitLog(ctx, mark.position); err != nil {
		return err
	}
	restoring := time.Now()
	folder := filepath.Join(b.drills(), plan.Base.Label)
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // the next drill removes it first
	if err := copyTree(filepath.Join(b.bases(), plan.Base.Label), folder, b.reflinks); err != nil {
		return fmt.Errorf("copy base backup %q: %w", plan.Base.Label, err)
	}
	server, err := b.startScratch(ctx, folder, vault.Target{Name: mark.name})
	if err != nil {
		return err
	}
	defer server.stop()
	conn, err := server.await(ctx, b.Database)
	if err != nil {
		return err
	}
	d.RestoreSeconds = time.Since(restoring).Seconds()
	defer conn.Close(ctx) //nolint:errcheck // the server ends
	got, err := contents(ctx, conn)
	if err != nil {
		return fmt.Errorf("read what was restored: %w", err)
	}
	for _, t := range want {
		d.Tables++
		d.Rows += t.Rows
	}
	return compare(want, got)
}

// awaitLog waits until the log up to a position is here.
func (b *backup) awaitLog(ctx context.Context, position vault.LSN) error {
	for {
		m := b.state.now()
		if m.progress.Received >= position || archivedUpTo(m) >= position {
			return nil
		}
		if !pause(ctx, 50*time.Millisecond) {
			return fmt.Errorf("want the log up to %s, received %s and the archive goes to %s: %w", position, m.progress.Received, archivedUpTo(m), context.Cause(ctx))
		}
	}
}
