package harness

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// spyLedger notes when it is reconciled.
type spyLedger struct {
	load       *notedLoad
	answer     LedgerRecord
	err        error
	hang       bool
	reconciled int
	tooEarly   bool
}

func (l *spyLedger) Count() LedgerRecord {
	return LedgerRecord{State: LedgerOpen, Acknowledged: 7}
}

func (l *spyLedger) Reconcile(ctx context.Context, _ time.Time) (LedgerRecord, error) {
	l.reconciled++
	l.tooEarly = !l.load.ended
	if l.hang {
		<-ctx.Done()
		return LedgerRecord{}, context.Cause(ctx)
	}
	return l.answer, l.err
}

// notedLoad knows whether it has returned.
type notedLoad struct {
	steadyLoad
	ended bool
}

func (l *notedLoad) Run(ctx context.Context, emit func(Event)) error {
	defer func() { l.ended = true }()
	return l.steadyLoad.Run(ctx, emit)
}

func TestWritesAreReadBackWhenTheLoadHasEnded(t *testing.T) {
	found := LedgerRecord{State: LedgerReconciled, Acknowledged: 7, Rows: 6, Lost: 1, RPO: time.Second, Examples: []WriteExample{{Kind: "lost", Key: "k"}}}
	for name, c := range map[string]struct {
		ledger spyLedger
		state  LedgerState
		detail string
	}{
		"read":        {spyLedger{answer: found}, LedgerReconciled, ""},
		"not read":    {spyLedger{answer: found, err: errors.New("no answer")}, LedgerUnread, "no answer"},
		"never ready": {spyLedger{hang: true}, LedgerUnread, "not read within 30s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				var sink bytes.Buffer
				books := c.ledger
				books.load = &notedLoad{steadyLoad: steadyLoad{rate: 100}}
				ev, err := Run(t.Context(), testPlan("one"), Rig{Load: books.load, Ledger: &books, Faults: []Fault{&spyFault{name: "one", log: &log}}}, WithSink(&sink))
				if err != nil {
					t.Fatal(err)
				}
				if books.reconciled != 1 || books.tooEarly {
					t.Errorf("reconciled %d times, before the load had ended: %v; want once, after", books.reconciled, books.tooEarly)
				}
				if ev.Ledger == nil || ev.Ledger.State != c.state || ev.Ledger.Detail != c.detail || ev.Ledger.At < 11*time.Second {
					t.Errorf("ledger %+v, want %s (%s) after the last stage", ev.Ledger, c.state, c.detail)
				}
				if ev.End.Reason != Completed || len(ev.Problems) > 0 {
					t.Errorf("end %+v, problems %v; want a trial that is whole", ev.End, ev.Problems)
				}
				read, err := ReadEvidence(bytes.NewReader(sink.Bytes()))
				if err != nil || len(read) != 1 {
					t.Fatalf("%d trials, %v", len(read), err)
				}
				if diff := cmp.Diff(ev.Ledger, read[0].Ledger); diff != "" {
					t.Errorf("ledger (-memory +file):\n%s", diff)
				}
			})
		})
	}
}

func TestWhatWasWrittenIsNotedAtEveryStage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sink bytes.Buffer
		load := &notedLoad{steadyLoad: steadyLoad{rate: 100}}
		if _, err := Run(t.Context(), testPlan(), Rig{Load: load, Ledger: &spyLedger{load: load, answer: LedgerRecord{State: LedgerReconciled}}}, WithSink(&sink)); err != nil {
			t.Fatal(err)
		}
		// As kill -9 leaves the file: without what came at the end.
		at := bytes.LastIndex(sink.Bytes(), []byte(`{"ledger":`))
		read, err := ReadEvidence(bytes.NewReader(sink.Bytes()[:at]))
		if err != nil || len(read) != 1 || read[0].Ledger == nil || read[0].Ledger.State != LedgerOpen || read[0].Ledger.Acknowledged != 7 {
			t.Errorf("%+v, %v; want a ledger that is open, with what was written", read, err)
		}
	})
}

func TestATrialThatIsNoEvidenceIsNotReadBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		load := &notedLoad{steadyLoad: steadyLoad{rate: 100, bad: func(time.Duration) bool { return true }}}
		books := &spyLedger{load: load}
		var log []string
		ev, err := Run(t.Context(), testPlan("one"), Rig{Load: load, Ledger: books, Faults: []Fault{&spyFault{name: "one", log: &log}}})
		if err != nil || !slices.Contains(codes(ev), SteadyStateNotMet) {
			t.Fatalf("%v, %v; want a stack that is not steady", codes(ev), err)
		}
		if books.reconciled != 0 || ev.Ledger == nil || ev.Ledger.State != LedgerOpen {
			t.Errorf("reconciled %d times, ledger %+v; want none of a trial in which nothing was injected", books.reconciled, ev.Ledger)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		load := &notedLoad{steadyLoad: steadyLoad{rate: 100}}
		books := &spyLedger{load: load}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		ev, err := Run(ctx, testPlan(), Rig{Load: load, Ledger: books})
		if err != nil || ev.End.Reason != Interrupted || books.reconciled != 0 {
			t.Errorf("end %+v, %v, reconciled %d times; want an interrupted trial that is not read back", ev.End, err, books.reconciled)
		}
	})
}
