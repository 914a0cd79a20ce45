package db

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// prepareEvery is how often a server that starts is asked.
	prepareEvery = 50 * time.Millisecond
	// figuresLimit bounds the queries of one scrape.
	figuresLimit = 500 * time.Millisecond
)

// watcher asks the server through its socket, as superuser: the connections
// that are kept for it are there when all others are taken.
type watcher struct {
	pool *pgxpool.Pool
	// restores counts restores, restoreTook is how long the last one took, in
	// nanoseconds.
	restores, restoreTook atomic.Int64
}

// restored notes a restore.
func (w *watcher) restored(took time.Duration) {
	w.restoreTook.Store(int64(took))
	w.restores.Add(1)
}

func newWatcher(c Config) (*watcher, error) {
	config, err := pgxpool.ParseConfig("")
	if err != nil {
		return nil, fmt.Errorf("configure the connection to the database: %w", err)
	}
	config.MaxConns = 3
	config.ConnConfig.Host, config.ConnConfig.Port = c.Scratch, c.Port
	config.ConnConfig.User, config.ConnConfig.Database = superuser, "postgres"
	config.ConnConfig.Password, config.ConnConfig.TLSConfig, config.ConnConfig.Fallbacks = "", nil, nil
	config.ConnConfig.ConnectTimeout = time.Second
	config.ConnConfig.RuntimeParams["application_name"] = c.Name
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		return nil, fmt.Errorf("configure the connection to the database: %w", err)
	}
	return &watcher{pool: pool}, nil
}

func (w *watcher) close() { w.pool.Close() }

// writable returns nil when the server answers queries and takes writes: one
// that still replays a log does not.
func (w *watcher) writable(ctx context.Context) error {
	var recovering bool
	if err := w.pool.QueryRow(ctx, "SELECT pg_is_in_recovery()").Scan(&recovering); err != nil {
		return fmt.Errorf("ask the database whether it takes writes: %w", err)
	}
	if recovering {
		return errors.New("the database is in recovery and takes no writes")
	}
	return nil
}

// prepare waits until the server takes writes, makes the shop's user and
// database unless they exist, and sets the user's password.
func (w *watcher) prepare(ctx context.Context, password string) error {
	tick := time.NewTicker(prepareEvery)
	defer tick.Stop()
	for w.writable(ctx) != nil {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	if err := w.ensureShop(ctx, password); err != nil {
		return fmt.Errorf("make user %q and database %q: %w", User, Database, err)
	}
	return nil
}

func (w *watcher) ensureShop(ctx context.Context, password string) error {
	var hasUser, hasDatabase bool
	if err := w.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
		EXISTS (SELECT FROM pg_database WHERE datname = $2)`, User, Database).Scan(&hasUser, &hasDatabase); err != nil {
		return err
	}
	user, database := pgx.Identifier{User}.Sanitize(), pgx.Identifier{Database}.Sanitize()
	if !hasUser {
		if _, err := w.pool.Exec(ctx, "CREATE ROLE "+user+" LOGIN"); err != nil {
			return err
		}
	}
	// A utility statement takes no parameters: the server quotes the password.
	var alter string
	if err := w.pool.QueryRow(ctx, "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)", User, password).Scan(&alter); err != nil {
		return err
	}
	if _, err := w.pool.Exec(ctx, alter); err != nil {
		return err
	}
	if hasDatabase {
		return nil
	}
	// Copied block by block into the log, which is far quicker than files.
	_, err := w.pool.Exec(ctx, "CREATE DATABASE "+database+" OWNER "+user)
	return err
}
