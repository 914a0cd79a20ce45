package backup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/fournines/fournines/stack/platform/vault"
)

const (
	// quietPatience is how long a moment without a transaction in progress is
	// waited for, quietEvery how often one is looked for.
	quietPatience = 20 * time.Second
	quietEvery    = 3 * time.Millisecond
)

// mark is a position of the log with the snapshot that shows exactly what was
// committed up to it.
type mark struct {
	name     string
	position vault.LSN
	// snapshot is a connection in a transaction that sees it.
	snapshot *pgx.Conn
}

func (m mark) end(ctx context.Context) error { return m.snapshot.Close(ctx) }

// mark writes a restore point into the log at a moment at which no writing
// transaction is in progress: none is when a snapshot from before and one from
// after the restore point are the same and list nobody. Without that, a
// transaction could be in the log before the restore point and not in the
// snapshot, because it becomes visible a little later than it is written.
// Nobody is locked out for it.
func (b *backup) mark(ctx context.Context) (_ mark, err error) {
	patience, cancel := context.WithTimeout(ctx, quietPatience)
	defer cancel()
	marker, err := b.connect(patience, "postgres")
	if err != nil {
		return mark{}, err
	}
	defer marker.Close(ctx) //nolint:errcheck // it did its work
	seer, err := b.connect(patience, b.Database)
	if err != nil {
		return mark{}, err
	}
	m := mark{name: "drill-" + time.Now().UTC().Format("20060102T150405.000000Z"), snapshot: seer}
	for tries := 0; ; tries++ {
		found, err := m.try(patience, marker)
		if found {
			return m, nil
		}
		if err == nil && !pause(patience, quietEvery) {
			err = fmt.Errorf("want a moment without a transaction in progress, saw none in %d looks: %w", tries+1, context.Cause(patience))
		}
		if err != nil {
			return mark{}, errors.Join(fmt.Errorf("mark a position of the log: %w", err), seer.Close(ctx))
		}
	}
}

func (m *mark) try(ctx context.Context, marker *pgx.Conn) (bool, error) {
	if _, err := m.snapshot.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
		return false, err
	}
	var before, after, position string
	var quiet bool
	err := m.snapshot.QueryRow(ctx, `SELECT s::text, pg_snapshot_xmin(s) = pg_snapshot_xmax(s) FROM pg_current_snapshot() s`).Scan(&before, &quiet)
	if err == nil && quiet {
		// A name of its own for each try: recovery stops at the first of a name.
		name := fmt.Sprintf("%s-%s", m.name, before)
		err = marker.QueryRow(ctx, "SELECT pg_create_restore_point($1)::text", name).Scan(&position)
		if err == nil {
			err = marker.QueryRow(ctx, "SELECT pg_current_snapshot()::text").Scan(&after)
		}
		if err == nil && before == after {
			m.name = name
			m.position, err = vault.ParseLSN(position)
			return err == nil, err
		}
	}
	if err != nil {
		return false, err
	}
	_, err = m.snapshot.Exec(ctx, "ROLLBACK")
	return false, err
}
