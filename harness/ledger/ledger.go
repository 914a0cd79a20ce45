// Package ledger is the arithmetic of a client's own books: what it wrote and
// was told, compared with what the service says it has. It has no clock and no
// I/O.
package ledger

import "time"

// Fate is what a client was told about one write.
type Fate int

const (
	// Unknown is a write without an answer that decides: a timeout, a
	// connection that broke, a server error. It may have been done.
	Unknown Fate = iota
	// Acknowledged is a write that the service said is done.
	Acknowledged
	// Rejected is a write that the service said is not done, and will not be.
	Rejected
)

// String is the fate in one word.
func (f Fate) String() string {
	switch f {
	case Acknowledged:
		return "acknowledged"
	case Rejected:
		return "rejected"
	}
	return "unknown"
}

// with is the fate of a write that was sent twice: done when one answer says
// so, and rejected only when both do.
func (f Fate) with(g Fate) Fate {
	switch {
	case f == Acknowledged || g == Acknowledged:
		return Acknowledged
	case f == Rejected && g == Rejected:
		return Rejected
	}
	return Unknown
}

// Entry is one answered sending of a write. A write that is sent again has the
// same key and digest, and is one write.
type Entry struct {
	// Key is the client's own name of the write.
	Key string
	// Digest is of what was to be written.
	Digest Digest
	// Intended is when the schedule wanted it to be sent, Sent when it was, and
	// Answered when its fate was known, or it was given up.
	Intended, Sent, Answered time.Time
	Fate                     Fate
}

// Row is one write that the service has.
type Row struct {
	Key    string
	Digest Digest
}

// Balance is what a comparison came to. Times are offsets from the start that
// the comparison was asked for.
type Balance struct {
	// Acknowledged, Rejected and Unknown count the writes by their fate.
	Acknowledged, Rejected, Unknown int
	// Unkept counts sendings for which the books had no room: with any of them
	// nothing of what follows is known.
	Unkept int
	// Rows is how many the service has.
	Rows int
	// Lost counts acknowledged writes that the service does not have.
	Lost int
	// Duplicated counts copies beyond the first, whatever the write's fate.
	Duplicated int
	// Phantom counts rows of writes that were rejected (one for each), that
	// nobody sent, or that hold something else than what was sent.
	Phantom int
	// Done and NotDone say what became of the Unknown: the service has them, or
	// has them not. Together they are Unknown.
	Done, NotDone int
	// RPO is the recovery point: how long a time of acknowledged writes cannot
	// be relied upon. It lasts from the last acknowledged write that was kept
	// before the first lost one (or, without any, from when that one was sent)
	// until the acknowledgement of the newest lost one. 0 when nothing is lost.
	RPO time.Duration
	// Examples are the first few of each kind that is wrong.
	Examples []Example
}

// Kinds of an Example.
const (
	LostWrite       = "lost"
	DuplicatedWrite = "duplicated"
	PhantomWrite    = "phantom"
)

// Example is one write that the service got wrong.
type Example struct {
	Kind, Key string
	// Copies is how many the service has.
	Copies int
	// Known is false for a row that nobody sent; then there is no time.
	Known                    bool
	Intended, Sent, Answered time.Duration
}

// Wrong is how many writes the service got wrong.
func (b Balance) Wrong() int { return b.Lost + b.Duplicated + b.Phantom }
