package backup

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/fournines/fournines/stack/platform/vault"
)

const (
	// askLimit bounds one question to the database, askEvery is how often it
	// is asked how far its log is.
	askLimit = 2 * time.Second
	askEvery = 500 * time.Millisecond
)

// connect opens a connection to a database of the source.
func (c Config) connect(ctx context.Context, database string) (*pgx.Conn, error) {
	host, portText, err := net.SplitHostPort(c.Source)
	if err != nil {
		return nil, fmt.Errorf("connect to the database at %q: %w", c.Source, err)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("connect to the database at %q: %w", c.Source, err)
	}
	return c.dial(ctx, host, uint16(port), database, vault.User, "")
}

func (c Config) dial(ctx context.Context, host string, port uint16, database, user, replication string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig("")
	if err != nil {
		return nil, fmt.Errorf("configure the connection to the database: %w", err)
	}
	config.Host, config.Port, config.Database, config.User, config.Password = host, port, database, user, c.Password
	config.TLSConfig, config.Fallbacks, config.ConnectTimeout = nil, nil, askLimit
	config.RuntimeParams["application_name"] = "fournines-" + c.Name
	if replication != "" {
		config.RuntimeParams["replication"] = replication
		config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return conn, nil
}

// identity is which database the source is, and its timeline.
func (c Config) identity(ctx context.Context) (system uint64, timeline uint32, err error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	host, portText, _ := net.SplitHostPort(c.Source)
	port, _ := strconv.ParseUint(portText, 10, 16)
	conn, err := c.dial(ctx, host, uint16(port), "", vault.User, "true")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	results, err := conn.PgConn().Exec(ctx, "IDENTIFY_SYSTEM").ReadAll()
	if err != nil || len(results) != 1 || len(results[0].Rows) != 1 || len(results[0].Rows[0]) < 2 {
		return 0, 0, fmt.Errorf("ask the database which one it is: %w", errors.Join(err, answerOf(results)))
	}
	row := results[0].Rows[0]
	system, err1 := strconv.ParseUint(string(row[0]), 10, 64)
	line, err2 := strconv.ParseUint(string(row[1]), 10, 32)
	return system, uint32(line), errors.Join(err1, err2)
}

func answerOf(results []*pgconn.Result) error {
	return fmt.Errorf("want one row, saw %d results", len(results))
}

// progress is how far the source's log is, and how much of it is here.
type progress struct {
	// Written is the end of what the database has on its own disk, Received of
	// what is here as a stream; 0 when nobody receives it.
	Written, Received vault.LSN
	// Archived is the last file that the archive has confirmed; empty before
	// the first.
	Archived string
	At       time.Time
}

const progressQuery = `SELECT pg_current_wal_flush_lsn()::text,
  coalesce((SELECT max(flush_lsn) FROM pg_stat_replication WHERE application_name = $1)::text, '0/0'),
  coalesce(last_archived_wal, '') FROM pg_stat_archiver`

// follow asks the source how far it is until ctx is done.
func (b *backup) follow(ctx context.Context) error {
	for ctx.Err() == nil {
		err := b.followOnce(ctx)
		b.state.lost(err)
		if !pause(ctx, askEvery) {
			break
		}
	}
	return nil
}

// followOnce asks until the connection breaks.
func (b *backup) followOnce(ctx context.Context) error {
	connecting, cancel := context.WithTimeout(ctx, askLimit)
	conn, err := b.connect(connecting, "postgres")
	cancel()
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it may be broken
	for {
		asking, cancel := context.WithTimeout(ctx, askLimit)
		var written, received string
		p := progress{At: time.Now()}
		err := conn.QueryRow(asking, progressQuery, vault.Standby).Scan(&written, &received, &p.Archived)
		cancel()
		if err != nil {
			return fmt.Errorf("ask the database how far its log is: %w", err)
		}
		var err1, err2 error
		p.Written, err1 = vault.ParseLSN(written)
		p.Received, err2 = vault.ParseLSN(received)
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		b.state.progressed(p)
		if !pause(ctx, askEvery) {
			return nil
		}
	}
}
