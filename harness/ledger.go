package harness

import (
	"context"
	"fmt"
	"time"
)

// Ledger is a client's own books: what the load wrote and was told, and what of
// it is found again. Package harness/readback keeps one.
type Ledger interface {
	// Count is the books so far, in the state LedgerOpen. It may be called at
	// any time.
	Count() LedgerRecord
	// Reconcile reads everything back and compares; call it when the load has
	// returned. Offsets in the record count from base. The error says why it
	// could not be told what became of the writes: the record then holds what
	// was read, whose Duplicated and Phantom are lower bounds. It returns soon
	// after ctx is done.
	Reconcile(ctx context.Context, base time.Time) (LedgerRecord, error)
}

// LedgerState says how far the books are.
type LedgerState string

const (
	// LedgerOpen: nothing was read back yet.
	LedgerOpen LedgerState = "open"
	// LedgerReconciled: everything was read back.
	LedgerReconciled LedgerState = "reconciled"
	// LedgerUnread: reading back did not come to its end.
	LedgerUnread LedgerState = "unread"
)

// LedgerRecord is what a ledger came to in one trial. Each write counts once,
// however often it was sent. Nothing below Unknown means anything while State
// is LedgerOpen.
type LedgerRecord struct {
	State LedgerState `json:"state"`
	// At is when it was reconciled, or reading was given up.
	At time.Duration `json:"atNs"`
	// Client is whose writes they are, to find them where they are kept.
	Client string `json:"client,omitempty"`
	// Acknowledged, Rejected and Unknown are the writes of the whole trial by
	// what the client was told: done (status 2xx), not done (4xx), or nothing
	// that decides (a timeout, a broken connection, 5xx).
	Acknowledged int `json:"acknowledged"`
	Rejected     int `json:"rejected"`
	Unknown      int `json:"unknown"`
	// Rows is how many the service has.
	Rows int `json:"rows"`
	// Lost counts acknowledged writes that are not there, Duplicated copies
	// beyond the first, Phantom rows of writes that were rejected, that nobody
	// sent, or that hold something else than what was sent.
	Lost       int `json:"lost"`
	Duplicated int `json:"duplicated"`
	Phantom    int `json:"phantom"`
	// Done and NotDone say what became of the Unknown.
	Done    int `json:"done"`
	NotDone int `json:"notDone"`
	// RPO is the time of acknowledged writes that cannot be relied upon: from
	// the last one that was kept before the first lost one until the newest
	// lost one; 0 when none is lost. Package harness/ledger defines it.
	RPO time.Duration `json:"rpoNs"`
	// Examples are the first few writes of each kind that is wrong.
	Examples []WriteExample `json:"examples,omitempty"`
	// Detail says why reading was given up.
	Detail string `json:"detail,omitempty"`
}

// WriteExample is one write that the service got wrong.
type WriteExample struct {
	// Kind is lost, duplicated or phantom.
	Kind string `json:"kind"`
	// Key is the client's own name of the write.
	Key string `json:"key"`
	// Copies is how many the service has.
	Copies int `json:"copies"`
	// Sent and Answered are when; 0 when nobody sent it (Unsent).
	Sent     time.Duration `json:"sentNs,omitempty"`
	Answered time.Duration `json:"answeredNs,omitempty"`
	Unsent   bool          `json:"unsent,omitempty"`
}

// Writes is how many writes were sent.
func (l LedgerRecord) Writes() int { return l.Acknowledged + l.Rejected + l.Unknown }

// reconcileTimeout bounds reading back what the load wrote: a service that was
// repaired answers at once, and one that was not by then is not going to.
const reconcileTimeout = 30 * time.Second

// reconcile reads back what the load wrote, after it has returned. What could
// not be read is no problem of the trial: it is for Judge to say what follows.
func (t *trial) reconcile(ctx context.Context) {
	if t.rig.Ledger == nil {
		return
	}
	n := t.rig.Ledger.Count().Writes()
	t.report(fmt.Sprintf("reading back %s", plural(n, "write")))
	ctx, cancel := context.WithTimeoutCause(ctx, reconcileTimeout, fmt.Errorf("not read within %s", reconcileTimeout))
	defer cancel()
	r, err := t.rig.Ledger.Reconcile(ctx, t.rec.base)
	r.At = t.rec.now()
	if err != nil {
		r.State, r.Detail = LedgerUnread, err.Error()
	}
	t.rec.write(record{Ledger: &r})
	t.report("reconciled: " + r.summary())
}

// countWrites notes what the load has written so far.
func (t *trial) countWrites() {
	if t.rig.Ledger == nil {
		return
	}
	r := t.rig.Ledger.Count()
	r.State, r.At = LedgerOpen, t.rec.now()
	t.rec.write(record{Ledger: &r})
}

// summary is "0 of 120 acknowledged writes lost, 0 duplicated, 0 phantom".
func (l LedgerRecord) summary() string {
	if l.State != LedgerReconciled {
		return "not possible: " + l.Detail
	}
	return fmt.Sprintf("%s of %s lost, %s duplicated, %s phantom",
		formatCount(l.Lost), plural(l.Acknowledged, "acknowledged write"), formatCount(l.Duplicated), formatCount(l.Phantom))
}
