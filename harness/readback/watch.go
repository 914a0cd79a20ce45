package readback

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/ledger"
)

// WatchSource is the source of the signals of Watch.
const WatchSource = "ledger"

// sampleSize is how many earlier writes are read again.
const sampleSize = 64

// reader reads one write; see Orders.Keyed.
type reader interface {
	Keyed(ctx context.Context, key string) ([]ledger.Row, error)
}

// Watch reads an acknowledged write of book every interval: in turn the newest,
// and one of the last 64 that were the newest at a reading. It emits readable
// when a write was read as it was acknowledged, and unreadable when it was not,
// each when the reading before came to the other. A write that could not be read
// is read again until it can: what is lost stays unreadable.
//
// It never fails: that nothing can be read is what it reports. Nothing is read,
// and nothing said, before the first write is acknowledged.
func Watch(book *ledger.Book, orders *Orders, every time.Duration) harness.Observer {
	return &watch{book: book, orders: orders, every: every, done: orders.Close}
}

type watch struct {
	book   *ledger.Book
	orders reader
	every  time.Duration
	done   func()

	sample  []ledger.Row // a ring of sampleSize
	oldest  int          // where the next goes once it is full
	last    ledger.Row   // what went into it last
	earlier int          // how many were read of it
	turn    bool         // whether the newest was read last
	// missing is the write that could not be read; nil when all could.
	missing *ledger.Row
	known   bool
	// seen is when the last reading began.
	seen time.Time
}

func (w *watch) String() string { return "readback of orders" }

// Observe implements harness.Observer.
func (w *watch) Observe(ctx context.Context, emit func(harness.Signal)) error {
	defer w.done()
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	for {
		if row, ok := w.pick(); ok {
			begin := time.Now()
			found, err := w.orders.Keyed(ctx, row.Key)
			if ctx.Err() != nil {
				return nil // the reading may have been cut off
			}
			w.judge(row, begin, check(row, found, err), emit)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// pick chooses what is read next.
func (w *watch) pick() (ledger.Row, bool) {
	if w.missing != nil {
		return *w.missing, true
	}
	newest, ok := w.book.Newest()
	if !ok {
		return ledger.Row{}, false
	}
	if w.turn = !w.turn; w.turn || len(w.sample) == 0 {
		w.remember(newest)
		return newest, true
	}
	w.earlier++
	return w.sample[spread(w.earlier, len(w.sample))], true
}

// remember takes the newest write into the sample, once.
func (w *watch) remember(newest ledger.Row) {
	switch {
	case newest == w.last:
	case len(w.sample) < sampleSize:
		w.sample = append(w.sample, newest)
	default:
		w.sample[w.oldest] = newest
		w.oldest = (w.oldest + 1) % sampleSize
	}
	w.last = newest
}

// spread is place i of a walk over n places that comes to all of them soon, and
// far apart, also while n grows: steps of the golden ratio.
func spread(i, n int) int {
	_, part := math.Modf(float64(i) * (math.Phi - 1))
	return int(part * float64(n))
}

// check says what is wrong with a reading; empty when nothing is.
func check(row ledger.Row, found []ledger.Row, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case len(found) == 0:
		return fmt.Sprintf("want order %q, which was acknowledged, saw none", row.Key)
	case found[0] != row:
		return fmt.Sprintf("want order %q as it was acknowledged, saw another", row.Key)
	}
	return ""
}

// judge emits a signal when a reading came to another end than the last.
func (w *watch) judge(row ledger.Row, begin time.Time, wrong string, emit func(harness.Signal)) {
	end := time.Now()
	s := harness.Signal{Time: end, Source: WatchSource, Kind: harness.Readable, Detail: fmt.Sprintf("order %q", row.Key)}
	if !w.seen.IsZero() {
		s.Resolution = end.Sub(w.seen)
	}
	w.seen = begin
	was := w.missing == nil
	if wrong == "" {
		w.missing = nil
	} else {
		w.missing, s.Kind, s.Detail = &row, harness.Unreadable, wrong
	}
	if is := w.missing == nil; !w.known || is != was {
		emit(s)
	}
	w.known = true
}
