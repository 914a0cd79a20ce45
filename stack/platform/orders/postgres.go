package orders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

const (
	// connections is the most of one replica: three replicas leave half of the
	// server's to others.
	connections = 10
	// connectLimit bounds opening one: far above any on the run's own network.
	connectLimit = 500 * time.Millisecond
)

// Postgres is a Store in PostgreSQL. Make one with Open.
type Postgres struct {
	pool     *pgxpool.Pool
	migrated atomic.Bool
}

var _ Store = (*Postgres)(nil)

// Open makes a store in a database at address (host:port). It does not
// connect: a database that is away now may come.
func Open(address, database, user, password, application string) (*Postgres, error) {
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("open the database: address %q: %w", address, err)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("open the database: port %q: %w", text, err)
	}
	c, err := pgxpool.ParseConfig("sslmode=disable")
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	c.MaxConns, c.MinConns = connections, 1
	c.MaxConnIdleTime, c.HealthCheckPeriod = time.Minute, time.Second
	c.ConnConfig.Host, c.ConnConfig.Port = host, uint16(port)
	c.ConnConfig.Database, c.ConnConfig.User, c.ConnConfig.Password = database, user, password
	c.ConnConfig.Fallbacks, c.ConnConfig.ConnectTimeout = nil, connectLimit
	c.ConnConfig.RuntimeParams["application_name"] = application
	// A commit returns when it is on disk, whatever the server's default.
	c.ConnConfig.RuntimeParams["synchronous_commit"] = "on"
	pool, err := pgxpool.NewWithConfig(context.Background(), c)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &Postgres{pool: pool}, nil
}

// Close ends all connections.
func (p *Postgres) Close() { p.pool.Close() }

// Migrate brings the schema up to date, and returns how many versions it took.
// Nothing can be placed before.
func (p *Postgres) Migrate(ctx context.Context) (applied int, err error) {
	all, err := readMigrations(migrations)
	if err != nil {
		return 0, err
	}
	err = p.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		applied, err = migrate(ctx, c.Conn(), all)
		return err
	})
	if err == nil {
		p.migrated.Store(true)
	}
	return applied, err
}

// Place implements Store. The key is taken first: of two at once the second
// waits for the first one's end.
func (p *Postgres) Place(ctx context.Context, d Draft) (answer []byte, replayed bool, err error) {
	err = pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		taken, err := tx.Exec(ctx, "INSERT INTO idempotency (client, key, hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", d.Client, d.Key, d.hash())
		if err != nil {
			return err
		}
		if taken.RowsAffected() == 0 {
			replayed = true
			var hash []byte
			if err := tx.QueryRow(ctx, "SELECT hash, answer FROM idempotency WHERE client = $1 AND key = $2", d.Client, d.Key).Scan(&hash, &answer); err != nil {
				return err
			}
			if !bytes.Equal(hash, d.hash()) {
				return ErrOtherDraft
			}
			return nil
		}
		order := Order{Draft: d}
		if err := tx.QueryRow(ctx, "INSERT INTO orders (client, key, item, quantity) VALUES ($1, $2, $3, $4) RETURNING id, placed",
			d.Client, d.Key, d.Item, d.Quantity).Scan(&order.ID, &order.Placed); err != nil {
			return err
		}
		order.Placed = order.Placed.UTC()
		if answer, err = json.Marshal(order); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE idempotency SET answer = $3 WHERE client = $1 AND key = $2", d.Client, d.Key, answer)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	return answer, replayed, nil
}

// columns are those of an Order, in the order in which scan reads them.
const columns = "id, client, key, item, quantity, placed"

func scan(row pgx.CollectableRow) (o Order, err error) {
	err = row.Scan(&o.ID, &o.Client, &o.Key, &o.Item, &o.Quantity, &o.Placed)
	o.Placed = o.Placed.UTC()
	return o, err
}

// Order implements Store.
func (p *Postgres) Order(ctx context.Context, id int64) (Order, error) {
	rows, err := p.pool.Query(ctx, "SELECT "+columns+" FROM orders WHERE id = $1", id)
	if err != nil {
		return Order{}, err
	}
	o, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return Order{}, ErrNoOrder
	}
	return o, err
}

// After implements Store.
func (p *Postgres) After(ctx context.Context, client string, after int64, limit int) ([]Order, error) {
	rows, err := p.pool.Query(ctx, "SELECT "+columns+" FROM orders WHERE client = $1 AND id > $2 ORDER BY id LIMIT $3", client, after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// Keyed implements Store.
func (p *Postgres) Keyed(ctx context.Context, client, key string) ([]Order, error) {
	rows, err := p.pool.Query(ctx, "SELECT "+columns+" FROM orders WHERE client = $1 AND key = $2 ORDER BY id LIMIT $3", client, key, largestLimit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// Ready implements Store.
func (p *Postgres) Ready(ctx context.Context) error {
	if !p.migrated.Load() {
		return errors.New("the schema is not up to date yet")
	}
	var readOnly string
	if err := p.pool.QueryRow(ctx, "SHOW transaction_read_only").Scan(&readOnly); err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	if readOnly != "off" {
		return errors.New("the database takes no writes")
	}
	return nil
}

// Figures are those of the pool of connections.
func (p *Postgres) Figures() []telemetry.Figure {
	s := p.pool.Stat()
	return []telemetry.Figure{
		{Name: "fournines_db_pool_connections", Help: "Connections to the database.", Value: float64(s.TotalConns())},
		{Name: "fournines_db_pool_in_use", Help: "Connections that are in use.", Value: float64(s.AcquiredConns())},
		{Name: "fournines_db_pool_limit", Help: "Connections that there may be.", Value: float64(s.MaxConns())},
		{Name: "fournines_db_pool_waits_total", Help: "Requests that had to wait for a connection.", Value: float64(s.EmptyAcquireCount()), Counter: true},
		{Name: "fournines_db_pool_given_up_total", Help: "Requests whose time was up before they had a connection.", Value: float64(s.CanceledAcquireCount()), Counter: true},
	}
}
