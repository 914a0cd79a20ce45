package readback

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/ledger"
)

// pagePause is how long to wait before a page that was not read is asked for
// again.
const pagePause = 250 * time.Millisecond

// spareRows is how many rows beyond twice what was written are read before the
// reading is given up: a service may have every write twice and be told so, but
// the reading ends.
const spareRows = 1000

// pages is what has the writes, one page after the other; see Orders.After.
type pages interface {
	After(ctx context.Context, after int64) (rows []ledger.Row, next int64, err error)
}

// Ledger is the books of a load's writes and where they are read back: a
// harness.Ledger.
type Ledger struct {
	book   *ledger.Book
	from   pages
	client string
	done   func()
}

var _ harness.Ledger = (*Ledger)(nil)

// NewLedger compares book with what orders has.
func NewLedger(book *ledger.Book, orders *Orders) *Ledger {
	return &Ledger{book: book, from: orders, client: orders.Client, done: orders.Close}
}

// Count implements harness.Ledger.
func (l *Ledger) Count() harness.LedgerRecord {
	b := l.book.Balance(time.Time{})
	return harness.LedgerRecord{State: harness.LedgerOpen, Client: l.client, Acknowledged: b.Acknowledged, Rejected: b.Rejected, Unknown: b.Unknown}
}

// Reconcile implements harness.Ledger. A page that is not read is asked for
// again until ctx is done.
func (l *Ledger) Reconcile(ctx context.Context, base time.Time) (harness.LedgerRecord, error) {
	defer l.done()
	l.book.Reopen()
	err := l.read(ctx)
	b := l.book.Balance(base)
	r := harness.LedgerRecord{
		State: harness.LedgerReconciled, Client: l.client,
		Acknowledged: b.Acknowledged, Rejected: b.Rejected, Unknown: b.Unknown, Rows: b.Rows,
		Lost: b.Lost, Duplicated: b.Duplicated, Phantom: b.Phantom, Done: b.Done, NotDone: b.NotDone, RPO: b.RPO,
	}
	for _, e := range b.Examples {
		r.Examples = append(r.Examples, harness.WriteExample{
			Kind: e.Kind, Key: e.Key, Copies: e.Copies, Sent: e.Sent, Answered: e.Answered, Unsent: !e.Known,
		})
	}
	if err == nil && b.Unkept > 0 {
		err = fmt.Errorf("the books have room for %d writes, and %d more were sent: want a shorter trial or a lower rate", ledger.MaxWrites, b.Unkept)
	}
	return r, err
}

// read notes every row in the book.
func (l *Ledger) read(ctx context.Context) error {
	most := 2*l.book.Len() + spareRows
	for after, read := int64(0), 0; ; {
		rows, next, err := l.page(ctx, after)
		if err != nil {
			return err
		}
		for _, row := range rows {
			l.book.Find(row)
		}
		if read += len(rows); read > most {
			return fmt.Errorf("the service has more than %d rows of %d writes: reading was given up", most, l.book.Len())
		}
		if next == 0 {
			return nil
		}
		after = next
	}
}

// page reads one page, again and again until ctx is done.
func (l *Ledger) page(ctx context.Context, after int64) ([]ledger.Row, int64, error) {
	var last error
	for {
		rows, next, err := l.from.After(ctx, after)
		switch {
		case err == nil:
			return rows, next, nil
		case errors.Is(err, errUseless):
			return nil, 0, err
		case ctx.Err() == nil:
			last = err
		}
		select {
		case <-ctx.Done():
			if last == nil {
				return nil, 0, context.Cause(ctx)
			}
			return nil, 0, fmt.Errorf("%w; the last answer: %w", context.Cause(ctx), last)
		case <-time.After(pagePause):
		}
	}
}
