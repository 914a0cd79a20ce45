package orders

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations
var migrations embed.FS

// migrationLock is the advisory lock under which one replica at a time brings
// the schema up to date; any number that nobody else uses.
const migrationLock = 4_099_991

// migration is one step of the schema, from its file's name: 0001_orders.sql.
type migration struct {
	version   int
	name, sql string
}

// readMigrations returns them in the order of their versions, which have no
// gaps.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []migration
	for i, path := range names { // sorted by name
		name := strings.TrimPrefix(path, "migrations/")
		digits, _, _ := strings.Cut(name, "_")
		version, err := strconv.Atoi(digits)
		if err != nil || version != i+1 {
			return nil, fmt.Errorf("read migration %q: want its name to begin with %04d_", name, i+1)
		}
		text, err := fs.ReadFile(files, path)
		if err != nil {
			return nil, err
		}
		all = append(all, migration{version, name, string(text)})
	}
	return all, nil
}

// migrate brings the schema up to date, each version in a transaction of its
// own; it waits for a replica that is at it. A schema that is newer than all
// of them is left as it is: the versions only add.
func migrate(ctx context.Context, conn *pgx.Conn, all []migration) (applied int, err error) {
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return 0, fmt.Errorf("wait for other migrations: %w", err)
	}
	// The lock ends with the connection at the latest.
	defer func() {
		_, _ = conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
	}()
	if _, err := conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS schema_migrations (
		version integer PRIMARY KEY, name text NOT NULL, applied timestamptz NOT NULL DEFAULT now())`); err != nil {
		return 0, fmt.Errorf("make the table of migrations: %w", err)
	}
	var present int
	if err := conn.QueryRow(ctx, "SELECT coalesce(max(version), 0) FROM schema_migrations").Scan(&present); err != nil {
		return 0, fmt.Errorf("ask for the schema's version: %w", err)
	}
	for _, m := range all[min(present, len(all)):] {
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, m.sql); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)", m.version, m.name)
			return err
		})
		if err != nil {
			return applied, fmt.Errorf("apply migration %q: %w", m.name, err)
		}
		applied++
	}
	return applied, nil
}
