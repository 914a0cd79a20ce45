package harness

import (
	"fmt"
	"time"
)

// hasData reports whether t6 is a moment of its own.
func (r RecoveryTime) hasData() bool {
	return r.Repaired.State == Seen && (r.Data.State != Seen || r.Data.Hi != r.Repaired.Hi)
}

// untilRepaired is t4-t0, which is the whole recovery where t6 is t4.
func (r RecoveryTime) untilRepaired() Phase {
	if !r.hasData() {
		return r.Total
	}
	at := r.Repaired
	at.Hi = max(at.Hi, r.Effective.Hi)
	return phaseBetween(TotalPhase, Seen, r.Effective, at)
}

// dataRecovered is t6: from when on all acknowledged writes could be read for
// good. It is t4 where the load wrote nothing, and where every reading since the
// fault was good; and it is t4, whatever it is, where t4 was not seen.
//
// That nothing was lost only the ledger tells, which reads everything after the
// trial: without it t6 is not seen, and with a lost write it is censored at the
// end of the trial. When nothing was, the readings during the trial tell: the
// stamp is the first good one after the last bad one, unless that came only
// after the harness had set out to remove the fault. Without any reading it lies
// between the repair and the reconciliation.
func (r RecoveryTime) dataRecovered(ev Evidence, judged Window, seen []Signal) Stamp {
	l := ev.Ledger
	if l == nil || r.Repaired.State != Seen {
		return r.Repaired
	}
	end := max(r.Repaired.Hi, judged.To)
	switch {
	case l.State != LedgerReconciled:
		return Stamp{State: NotSeen, Source: ledgerSource, Detail: "what was written could not be read back"}
	case l.Lost > 0:
		return Stamp{State: Censored, Lo: end, Hi: end, Source: ledgerSource, Detail: plural(l.Lost, "acknowledged write") + " lost"}
	}
	read, back, away := false, Stamp{}, false
	for _, s := range ev.Signals {
		read = read || s.Kind == Readable
	}
	for _, s := range seen {
		switch s.Kind {
		case Unreadable:
			away = true
			back = Stamp{}
		case Readable:
			if away {
				back = stampOf(s)
				back.Detail = "acknowledged writes can be read: " + s.Detail
			}
		}
	}
	switch {
	case !away && read:
		return r.Repaired
	case !away:
		return Stamp{
			State: Seen, Lo: r.Repaired.Lo, Hi: max(l.At, end), Source: ledgerSource,
			Detail: fmt.Sprintf("all %s read back", plural(l.Acknowledged, "acknowledged write")),
		}
	case back.State != Seen || back.Hi > r.Removal:
		until := max(r.Removal, r.Repaired.Hi)
		return Stamp{State: Censored, Lo: until, Hi: until, Source: ledgerSource, Detail: "acknowledged writes could not be read before the harness set out to remove the fault"}
	case back.Hi <= r.Repaired.Hi:
		return r.Repaired
	}
	return back
}

// ledgerSource is who says what became of writes.
const ledgerSource = "ledger"

// dataNote says what the recovery point is when data was lost.
func (r RecoveryTime) dataNote(l *LedgerRecord) []string {
	if l == nil || l.State != LedgerReconciled || l.Lost == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s lost, over %s of acknowledged writes", plural(l.Lost, "acknowledged write"), formatDuration(l.RPO.Round(time.Millisecond)))}
}
