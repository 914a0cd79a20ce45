package harness

import (
	"strings"
	"testing"
	"time"
)

// booked gives a trial a ledger of 100 acknowledged writes with changes.
func booked(change func(*LedgerRecord)) change {
	return func(ev *Evidence) {
		l := &LedgerRecord{State: LedgerReconciled, At: seconds(45.2), Acknowledged: 100, Rejected: 2, Unknown: 3, Rows: 101, Done: 1, NotDone: 2}
		if change != nil {
			change(l)
		}
		ev.Ledger = l
		ev.Signals = append([]Signal{signalAt(5.5, 0, "ledger", "", Readable)}, ev.Signals...)
	}
}

// noLoss are limits that allow nothing to be wrong with writes.
func noLoss() Limits {
	return Limits{LostWrites: ptr(0), DuplicatedWrites: ptr(0), PhantomWrites: ptr(0), RPO: ptr(time.Duration(0))}
}

func TestWritesAreHeldToTheirLimits(t *testing.T) {
	checks := []string{lostWrites, duplicatedWrites, phantomWrites, rpo}
	const p, f, i = Pass, Fail, Inconclusive
	for rule, c := range map[string]struct {
		change change
		want   [4]Outcome
		says   string
	}{
		"nothing is wrong": {booked(nil), [4]Outcome{p, p, p, p}, "0 of 100 acknowledged writes are lost, within the limit of 0."},
		"a lost write fails, and the recovery point with it": {booked(func(l *LedgerRecord) {
			l.Lost, l.RPO, l.Examples = 1, seconds(1.5), []WriteExample{{Kind: "lost", Key: "k-7"}}
		}), [4]Outcome{f, p, p, f}, `1 of 100 acknowledged writes is lost, more than the limit of 0, for example "k-7".`},
		"a copy fails":                               {booked(func(l *LedgerRecord) { l.Duplicated = 2 }), [4]Outcome{p, f, p, p}, "2 of 101 rows are duplicated"},
		"a phantom fails":                            {booked(func(l *LedgerRecord) { l.Phantom = 1 }), [4]Outcome{p, p, f, p}, "1 of 101 rows is a phantom"},
		"without a ledger nothing is known":          {func(*Evidence) {}, [4]Outcome{i, i, i, i}, "kept no ledger"},
		"nor when the trial was killed before":       {booked(func(l *LedgerRecord) { l.State = LedgerOpen }), [4]Outcome{i, i, i, i}, "ended before what was written was read back"},
		"nor when it was not read":                   {booked(func(l *LedgerRecord) { l.State, l.Detail = LedgerUnread, "503" }), [4]Outcome{i, i, i, i}, "could not be read back: 503"},
		"nor when there is a state nobody knows":     {booked(func(l *LedgerRecord) { l.State = "new" }), [4]Outcome{i, i, i, i}, "could not be read back"},
		"nor when no write was acknowledged":         {booked(func(l *LedgerRecord) { l.Acknowledged = 0 }), [4]Outcome{i, i, i, i}, "no write was acknowledged"},
		"lost writes of half a reading may be there": {booked(func(l *LedgerRecord) { l.State, l.Lost, l.RPO = LedgerUnread, 50, time.Second }), [4]Outcome{i, i, i, i}, ""},
		"copies and phantoms of half a reading are":  {booked(func(l *LedgerRecord) { l.State, l.Duplicated, l.Phantom = LedgerUnread, 1, 1 }), [4]Outcome{i, f, f, i}, ""},
	} {
		t.Run(rule, func(t *testing.T) {
			s := killing(noLoss())
			v := Judge(s, []Evidence{trialOf(s, c.change)}, nil)
			said := ""
			for n, check := range checks {
				got := find(v, check)
				if got.Outcome != c.want[n] {
					t.Errorf("%s: %v, want %v: %s", check, got.Outcome, c.want[n], got.Reason)
				}
				if (got.Outcome == Inconclusive) != (got.Needs != "") || (got.Outcome == Inconclusive) != (got.Measured == "") {
					t.Errorf("%s: %v with measured %q and needs %q", check, got.Outcome, got.Measured, got.Needs)
				}
				said += got.Reason + "\n"
			}
			if want := Worst(c.want[:]...); v.Outcome != want {
				t.Errorf("verdict %v, want %v", v.Outcome, want)
			}
			if !strings.Contains(said, c.says) {
				t.Errorf("said\n%swant %q in it", said, c.says)
			}
		})
	}
}

func TestALimitOfWritesMayAllowSome(t *testing.T) {
	s := killing(Limits{LostWrites: ptr(2), RPO: ptr(2 * time.Second)})
	for lost, want := range map[int]Outcome{2: Pass, 3: Fail} {
		v := Judge(s, []Evidence{trialOf(s, booked(func(l *LedgerRecord) { l.Lost, l.RPO = lost, time.Duration(lost)*900*time.Millisecond }))}, nil)
		if v.Outcome != want || find(v, rpo).Outcome != want {
			t.Errorf("%d lost: %v, recovery point %v; want %v", lost, v.Outcome, find(v, rpo).Outcome, want)
		}
	}
}

func TestAPassSaysHowManyWritesItRestsOn(t *testing.T) {
	s := killing(noLoss())
	two := []Evidence{trialOf(s, booked(nil)), trialOf(s, booked(nil))}
	if v := Judge(s, two, nil); !strings.Contains(v.Sentence, "; of 200 acknowledged writes 0 were lost") {
		t.Errorf("sentence: %s", v.Sentence)
	}
	if v := Judge(killing(allLimits()), []Evidence{trialOf(killing(allLimits()))}, nil); strings.Contains(v.Sentence, "write") {
		t.Errorf("sentence of a load that only reads: %s", v.Sentence)
	}
	late := trialOf(s, booked(nil), func(ev *Evidence) {
		ev.Signals = append(ev.Signals, signalAt(11, .2, "ledger", "", Unreadable), signalAt(16, .2, "ledger", "", Readable))
	})
	if v := Judge(s, []Evidence{late}, nil); !strings.Contains(v.Sentence, "routed around after 2.4 s, data read again after 5.9 s") {
		t.Errorf("sentence of data that came back later than the repair: %s", v.Sentence)
	}
}

func TestWritesThatAreLostDecideUnderATierToo(t *testing.T) {
	s := killing(noLoss())
	trials := injected(s, 40, 0, under(Terms{Tier: "pr"}), booked(nil))
	if v := Judge(s, trials, nil); v.Outcome != Pass {
		t.Fatalf("40 clean injections: %v: %s", v.Outcome, v.Sentence)
	}
	trials[17].Ledger = &LedgerRecord{State: LedgerReconciled, Acknowledged: 10, Lost: 1, RPO: time.Second}
	if v := Judge(s, trials, nil); v.Outcome != Fail {
		t.Errorf("one lost write in 40 injections: %v: %s", v.Outcome, v.Sentence)
	}
}
