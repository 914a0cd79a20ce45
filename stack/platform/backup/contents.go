package backup

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// table is what is in one table: how many rows, and a sum over all of them that
// does not depend on their order.
type table struct {
	Name string
	Rows int64
	Sum  string
}

const tablesQuery = `SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2`

// contents reads every table of a database.
func contents(ctx context.Context, conn *pgx.Conn) ([]table, error) {
	rows, err := conn.Query(ctx, tablesQuery)
	if err != nil {
		return nil, err
	}
	names, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (name pgx.Identifier, err error) {
		name = make(pgx.Identifier, 2)
		return name, row.Scan(&name[0], &name[1])
	})
	if err != nil {
		return nil, err
	}
	all := make([]table, len(names))
	for i, name := range names {
		all[i].Name = name.Sanitize()
		query := "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM " + all[i].Name + " t"
		if err := conn.QueryRow(ctx, query).Scan(&all[i].Rows, &all[i].Sum); err != nil {
			return nil, fmt.Errorf("read table %s: %w", all[i].Name, err)
		}
	}
	return all, nil
}

// compare returns nil when both are the same; else all that is not.
func compare(want, got []table) error {
	var errs []error
	restored := map[string]table{}
	for _, t := range got {
		restored[t.Name] = t
	}
	for _, w := range want {
		g, ok := restored[w.Name]
		delete(restored, w.Name)
		switch {
		case !ok:
			errs = append(errs, fmt.Errorf("want table %s with %d rows, saw no such table", w.Name, w.Rows))
		case g != w:
			errs = append(errs, fmt.Errorf("want table %s with %d rows of sum %s, saw %d rows of sum %s", w.Name, w.Rows, w.Sum, g.Rows, g.Sum))
		}
	}
	for name, t := range restored {
		errs = append(errs, fmt.Errorf("want no table %s, saw one with %d rows", name, t.Rows))
	}
	return errors.Join(errs...)
}
