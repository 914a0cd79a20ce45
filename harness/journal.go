package harness

import "time"

// Journal remembers beyond the life of this process which faults are in
// effect. Package harness/journal keeps one on disk.
type Journal interface {
	// Intend returns an ID once the intent would survive this process and the
	// machine. On an error nothing must be injected.
	Intend(i Intent) (id string, err error)
	// Done notes that the fault of an intent was seen removed.
	Done(id string) error
}

// Intent says what is about to be broken and how that is undone, complete
// enough for somebody who knows nothing else.
type Intent struct {
	// ID is unique within the journal.
	ID string `json:"id"`
	// Fault is the fault in words: `container-kill "catalog-2"`.
	Fault string `json:"fault"`
	// Undo restores the state before the fault.
	Undo UndoRecipe `json:"undo"`
	// Deadline is the wall-clock time at which the fault has to be over,
	// whoever undoes it.
	Deadline time.Time `json:"deadline"`
}

// WithJournal writes down every fault before it is injected, and that it was
// removed. What cannot be written down is not injected.
func WithJournal(j Journal) Option { return func(o *options) { o.journal = j } }

// noJournal remembers nothing, for stacks that die with this process.
type noJournal struct{}

func (noJournal) Intend(Intent) (string, error) { return "", nil }
func (noJournal) Done(string) error             { return nil }
