package harness

import (
	"fmt"
	"time"
)

// Names of the phases of RecoveryTime, in order.
const (
	DetectionPhase = "detection"
	DiagnosisPhase = "diagnosis"
	RepairPhase    = "repair"
	DataPhase      = "data"
	TotalPhase     = "recovery"
)

// telescope fills Phases and Total from the stamps t0, t2, t3, t4 and t6.
//
// The best estimate of a stamp is its Hi: the moment at which it was known.
// The lengths are differences of neighbouring estimates after each was moved
// to where it keeps the order t0 <= t2 <= t3 <= t4 <= t6, so that they are
// never negative and add up to t6-t0 whatever is missing. t0 and the end are
// the anchors; a stamp between them that lies outside is moved to the nearer
// one and noted.
//
// With the true times inside [Lo, Hi], a true length differs from its estimate
// by at most the wider of its two stamps: that is its Resolution.
//
// Where a stamp is missing, the phase that it would have ended is censored: it
// lasted at least until the end of the time line. Where nobody could have seen
// it the phase is NotSeen and holds the same time. The phases behind it are
// NotSeen and 0. Without any end the whole time line is NotSeen.
func (r *RecoveryTime) telescope() {
	end := r.Data
	if end.State == NotSeen { // what goes before it may have been seen all the same
		end = r.Repaired
	}
	if end.State == NotSeen {
		r.Total = Phase{Name: TotalPhase, State: NotSeen}
		for _, name := range []string{DetectionPhase, DiagnosisPhase, RepairPhase, DataPhase} {
			r.Phases = append(r.Phases, Phase{Name: name, State: NotSeen})
		}
		return
	}
	end = r.inOrder("repair", end, r.Effective.Hi, max(end.Hi, r.Effective.Hi))
	r.Total = phaseBetween(TotalPhase, r.Data.State, r.Effective, end)

	at := r.Effective
	open := false // a stamp is missing: what is behind it cannot be told apart
	step := func(name string, stamp Stamp) {
		switch {
		case open:
			r.Phases = append(r.Phases, Phase{Name: name, State: NotSeen})
		case stamp.State != Seen:
			r.Phases = append(r.Phases, phaseBetween(name, stamp.State, at, end))
			open = true
		default:
			stamp = r.inOrder(name, stamp, at.Hi, end.Hi)
			r.Phases = append(r.Phases, phaseBetween(name, Seen, at, stamp))
			at = stamp
		}
	}
	step(DetectionPhase, r.Detected)
	step(DiagnosisPhase, r.Diagnosed)
	if r.hasData() {
		step(RepairPhase, r.Repaired)
		step(DataPhase, r.Data)
		return
	}
	step(RepairPhase, end)
	// t6 is t4, so that this phase is 0 as soon as t4 was seen.
	r.Phases = append(r.Phases, Phase{Name: DataPhase, State: end.State})
	if end.State != Seen {
		r.Phases[len(r.Phases)-1].State = NotSeen
	}
}

// inOrder moves a stamp into [first, last] and notes it when it had to.
func (r *RecoveryTime) inOrder(what string, s Stamp, first, last time.Duration) Stamp {
	moved := min(max(s.Hi, first), last)
	if moved == s.Hi {
		return s
	}
	where := "before what it follows"
	if s.Hi > moved {
		where = "after the repair"
	}
	r.Notes = append(r.Notes, fmt.Sprintf("%s was seen %s %s: clamped", what, formatDuration((s.Hi-moved).Abs()), where))
	s.Lo, s.Hi = min(s.Lo, moved), moved
	return s
}

// phaseBetween is the phase from one stamp to the next.
func phaseBetween(name string, state StampState, from, to Stamp) Phase {
	return Phase{Name: name, State: state, Length: to.Hi - from.Hi, Resolution: max(from.Hi-from.Lo, to.Hi-to.Lo)}
}

// Detection is the time from t0 to the first signal that something was wrong.
// Unlike the phase of that name it is not cut at the repair: a detection that
// came after it was still that late.
func (r RecoveryTime) Detection() Phase {
	if r.Detected.State == NotSeen || r.Detected.State == "" {
		return Phase{Name: DetectionPhase, State: NotSeen}
	}
	at := r.Detected
	at.Hi = max(at.Hi, r.Effective.Hi)
	return phaseBetween(DetectionPhase, at.State, r.Effective, at)
}
