package harness

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// In the usual trial catalog-2 dies at 10.1 s, its lease ends at 12.5 s (t4)
// and the harness sets out to start it again at 30 s.
func TestDataIsRecoveredWhenItCanBeReadForGood(t *testing.T) {
	away := func(at float64) Signal { return signalAt(at, .2, "ledger", "", Unreadable) }
	back := func(at float64) Signal { return signalAt(at, .2, "ledger", "", Readable) }
	reading := func(signals ...Signal) change {
		return func(ev *Evidence) { ev.Signals = append(ev.Signals, signals...) }
	}
	unread := func(ev *Evidence) { ev.Signals = ev.Signals[1:] }
	for rule, c := range map[string]struct {
		changes []change
		state   StampState
		hi      float64 // of t6
		data    Phase
	}{
		"a load that only reads has no data: t6 is t4":              {nil, Seen, 12.5, Phase{State: Seen}},
		"all readings were good: t6 is t4":                          {[]change{booked(nil)}, Seen, 12.5, Phase{State: Seen}},
		"readings were good again before the repair: t6 is t4":      {[]change{booked(nil), reading(away(10.5), back(11))}, Seen, 12.5, Phase{State: Seen}},
		"the first good reading after the last bad one is t6":       {[]change{booked(nil), reading(away(10.5), back(11), away(12), back(16))}, Seen, 16, Phase{State: Seen, Length: seconds(3.5)}},
		"a bad reading before the fault is another matter":          {[]change{booked(nil), reading(away(6), back(7))}, Seen, 12.5, Phase{State: Seen}},
		"readable only after the fault was removed is censored":     {[]change{booked(nil), reading(away(10.5), back(31))}, Censored, 30, Phase{State: Censored, Length: seconds(17.5)}},
		"never readable in the trial is censored":                   {[]change{booked(nil), reading(away(10.5))}, Censored, 30, Phase{State: Censored, Length: seconds(17.5)}},
		"without any reading it lies before the reconciliation":     {[]change{booked(nil), unread}, Seen, 45.2, Phase{State: Seen, Length: seconds(32.7)}},
		"a lost write is never recovered":                           {[]change{booked(func(l *LedgerRecord) { l.Lost = 1 })}, Censored, 45, Phase{State: Censored, Length: seconds(32.5)}},
		"what was not read back is not known":                       {[]change{booked(func(l *LedgerRecord) { l.State = LedgerUnread })}, NotSeen, 0, Phase{State: NotSeen}},
		"without a repair there is no t6 either, whatever was read": {[]change{booked(nil), silenced(LeaseExpired)}, Censored, 30, Phase{State: NotSeen}},
	} {
		t.Run(rule, func(t *testing.T) {
			r := Measure(trialOf(killing(allLimits()), c.changes...)).Recovery
			telescopesWithData(t, r)
			if r.Data.State != c.state || c.state != NotSeen && r.Data.Hi != seconds(c.hi) {
				t.Errorf("t6 is %+v, want %s at %v", r.Data, c.state, seconds(c.hi))
			}
			got := r.Phases[3]
			if got.State != c.data.State || got.Length != c.data.Length {
				t.Errorf("data recovery is %+v, want %+v", got, c.data)
			}
			if r.Total.State != r.Data.State {
				t.Errorf("the sum is %+v, t6 is %+v", r.Total, r.Data)
			}
			if r.Repaired.State == Seen && r.Phases[2].State != Seen {
				t.Errorf("the repair was seen, its phase is %+v", r.Phases[2])
			}
		})
	}
}

func TestLostDataIsNotedAndFailsTheRecovery(t *testing.T) {
	s := killing(Limits{Recovery: ptr(10 * time.Second)})
	ev := trialOf(s, booked(func(l *LedgerRecord) { l.Lost, l.RPO = 3, 1500*time.Millisecond }))
	v := Judge(s, []Evidence{ev}, nil)
	if f := find(v, TotalPhase); f.Outcome != Fail || f.Code != NotRecovered {
		t.Errorf("recovery of lost data: %v %s: %s", f.Outcome, f.Code, f.Reason)
	}
	if notes := strings.Join(v.Trials[0].Recovery.Notes, "\n"); !strings.Contains(notes, "3 acknowledged writes lost, over 1.5 s of acknowledged writes") {
		t.Errorf("notes:\n%s", notes)
	}
}

// telescopesWithData demands that the phases add up to t6-t0, whatever was seen.
func telescopesWithData(t rapid.TB, r RecoveryTime) {
	t.Helper()
	var sum time.Duration
	for _, p := range r.Phases {
		sum += p.Length
		if p.Length < 0 {
			t.Errorf("%s is negative: %+v", p.Name, p)
		}
	}
	if sum != r.Total.Length {
		t.Errorf("the phases add up to %v, the sum is %v: %+v", sum, r.Total.Length, r.Phases)
	}
}

func TestPhasesTelescopeWithDataToo(t *testing.T) {
	drawn, usual := anyFaulted(), trialOf(killing(allLimits()))
	met := map[StampState]bool{}
	rapid.Check(t, func(t *rapid.T) {
		ev := drawn.Draw(t, "evidence")
		if rapid.Bool().Draw(t, "repaired") {
			ev = usual
			ev.Signals = append([]Signal(nil), usual.Signals...)
		}
		ev.Ledger = &LedgerRecord{
			State:        rapid.SampledFrom([]LedgerState{LedgerOpen, LedgerReconciled, LedgerReconciled, LedgerUnread}).Draw(t, "state"),
			At:           seconds(45.5),
			Acknowledged: 10, Lost: rapid.IntRange(0, 1).Draw(t, "lost"),
		}
		for range rapid.IntRange(0, 6).Draw(t, "readings") {
			s := signalAt(float64(rapid.IntRange(0, 45).Draw(t, "at")), 1, "ledger", "", rapid.SampledFrom([]Kind{Readable, Unreadable}).Draw(t, "kind"))
			ev.Signals = append(ev.Signals, s)
		}
		r := Measure(ev).Recovery
		telescopesWithData(t, r)
		met[r.Phases[3].State] = true
		if r.Data.State == Seen && (ev.Ledger.Lost > 0 || ev.Ledger.State != LedgerReconciled) {
			t.Errorf("data that was lost or not read back is recovered at %+v", r.Data)
		}
		if r.Repaired.State == Seen && r.Data.State == Seen && r.Data.Hi < r.Repaired.Hi {
			t.Errorf("t6 %+v is before t4 %+v", r.Data, r.Repaired)
		}
	})
	t.Logf("data was %v", met) // which of them are drawn is chance; the tests above have each
}
