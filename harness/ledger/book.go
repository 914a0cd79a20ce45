package ledger

import (
	"sync"
	"time"
)

// MaxWrites is how many writes a Book keeps: hours of the catalogue's loads, and
// a bound on its memory (about 150 bytes for each).
const MaxWrites = 500_000

// Book is what a client wrote and was told, and what of it was found again. It
// keeps at most MaxWrites writes. All methods may be called concurrently.
type Book struct {
	mu    sync.Mutex
	base  time.Time
	most  int
	kept  map[string]*write
	spill int
	// newest is the write that was acknowledged last.
	newest Row
	known  bool

	rows      int
	strangers int      // rows that nobody sent, or that hold something else
	odd       []string // the keys of the first of them
}

// write is one write; times are offsets from the book's base.
type write struct {
	digest                   Digest
	intended, sent, answered time.Duration
	fate                     Fate
	copies                   int
}

// NewBook opens an empty book.
func NewBook(base time.Time) *Book {
	return &Book{base: base, most: MaxWrites, kept: map[string]*write{}}
}

// Enter notes how one sending of a write ended. Of a write that was sent before
// it joins the two: the times are those of the first sending, and of the first
// acknowledgement if there is one.
func (b *Book) Enter(e Entry) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if e.Fate == Acknowledged {
		b.newest, b.known = Row{e.Key, e.Digest}, true
	}
	w := &write{digest: e.Digest, intended: e.Intended.Sub(b.base), sent: e.Sent.Sub(b.base), answered: e.Answered.Sub(b.base), fate: e.Fate}
	before, again := b.kept[e.Key]
	switch {
	case again:
		before.join(w)
	case len(b.kept) >= b.most:
		b.spill++
	default:
		b.kept[e.Key] = w
	}
}

// join takes another sending of the same write into w.
func (w *write) join(other *write) {
	if other.sent < w.sent {
		w.intended, w.sent = other.intended, other.sent
	}
	switch {
	case w.fate != Acknowledged && other.fate == Acknowledged:
		w.answered = other.answered
	case w.fate == other.fate || w.fate != Acknowledged:
		w.answered = min(w.answered, other.answered)
	}
	w.fate = w.fate.with(other.fate)
}

// Newest is the write that was acknowledged last; ok is false when none was.
func (b *Book) Newest() (row Row, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.newest, b.known
}

// Len is how many writes the book keeps.
func (b *Book) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.kept)
}

// Reopen forgets what was found, for a reading that begins anew.
func (b *Book) Reopen() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows, b.strangers, b.odd = 0, 0, nil
	for _, w := range b.kept {
		w.copies = 0
	}
}

// Find notes a row that the service has. One that holds something else than
// what was sent under its key is no copy of that write.
func (b *Book) Find(r Row) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows++
	if w, ok := b.kept[r.Key]; ok && w.digest == r.Digest {
		w.copies++
		return
	}
	b.strangers++
	if len(b.odd) < mostExamples {
		b.odd = append(b.odd, r.Key)
	}
}
