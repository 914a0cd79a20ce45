package harness

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Flags in RecoveryTime.Notes.
const (
	noteUndetected   = "self-healed, undetected: the platform recovered and nothing reported that something was wrong"
	noteMasked       = "masked by redundancy: no request failed after the fault took effect"
	noteByHarness    = "not repaired by the platform before the harness removed the fault"
	noteUnwatched    = "no signal of the platform was recorded: its view of the fault is unknown"
	noteRerouted     = "users were served again before the repair was complete"
	noteLateForUsers = "requests kept failing after the repair"
)

// measureRecovery reads the time line of the trial's faults from its signals.
// Several injections are one time line: from the first fault in effect to the
// last target repaired. What happened after the harness began to remove a
// fault is never counted as the platform's doing.
func measureRecovery(ev Evidence, judged Window, cut []slice) RecoveryTime {
	f, ok := faultedIn(ev, judged)
	if !ok {
		return RecoveryTime{}
	}
	r := RecoveryTime{Applies: true, Effective: f.effective(ev)}
	t0 := r.Effective
	seen := signalsFrom(ev, t0.Lo)

	r.Impact = impact(ev, judged, t0)
	r.Detected = firstSignal(seen, f.horizon, func(s Signal) bool { return s.Kind.Detects() })
	r.Paged = firstSignal(seen, judged.To, func(s Signal) bool { return s.Kind.Pages() })
	r.Diagnosed = firstSignal(seen, f.horizon, func(s Signal) bool { return s.Kind.Detects() && f.names(s.Subject) })
	r.Repaired = f.repaired(seen)
	r.Restored = restored(cut, judged, t0)
	if !watched(ev) {
		// Silence means something only where somebody listened.
		r.Detected, r.Diagnosed, r.Repaired = Stamp{State: NotSeen}, Stamp{State: NotSeen}, Stamp{State: NotSeen}
		r.Notes = append(r.Notes, noteUnwatched)
	}
	if r.Paged.State != Seen {
		r.Paged = Stamp{State: NotSeen}
	}
	r.Data = r.Repaired // No scenario of this version has data to recover.
	r.telescope()
	r.Notes = append(r.Notes, r.remarks()...)
	return r
}

// signalsFrom returns the signals at or after from, in order of time.
func signalsFrom(ev Evidence, from time.Duration) []Signal {
	var seen []Signal
	for _, s := range ev.Signals {
		if s.At >= from {
			seen = append(seen, s)
		}
	}
	slices.SortStableFunc(seen, func(a, b Signal) int { return cmp.Compare(a.At, b.At) })
	return seen
}

// firstSignal is the stamp of the first signal before horizon that counts;
// otherwise censored at the horizon.
func firstSignal(seen []Signal, horizon time.Duration, counts func(Signal) bool) Stamp {
	for _, s := range seen {
		if s.At < horizon && counts(s) {
			return stampOf(s)
		}
	}
	return censoredAt(horizon)
}

// stampOf is the time of a signal: within its resolution before At.
func stampOf(s Signal) Stamp {
	detail := string(s.Kind)
	if s.Subject != "" {
		detail += " " + s.Subject
	}
	return Stamp{State: Seen, Lo: s.At - max(0, s.Resolution), Hi: s.At, Source: s.Source, Detail: detail}
}

func censoredAt(at time.Duration) Stamp { return Stamp{State: Censored, Lo: at, Hi: at} }

// watched reports whether anything that can notice a fault was recorded at
// all: a signal that is more than the life of a process.
func watched(ev Evidence) bool {
	return slices.ContainsFunc(ev.Signals, func(s Signal) bool {
		switch s.Kind {
		case Died, Exited, Paused, Unpaused, Started:
			return false
		}
		return true
	})
}

// impact is when users first noticed: the first outage that was not over when
// the fault took effect. Requests that were under way then belong to it.
func impact(ev Evidence, judged Window, t0 Stamp) Stamp {
	for _, o := range outagesIn(ev, Window{min(t0.Lo, judged.From), judged.To}) {
		if o.To <= t0.Lo {
			continue
		}
		at := max(o.From, t0.Lo)
		lo := max(at-eventGap(ev.Plan.Scenario.Load.Rate), t0.Lo)
		return Stamp{State: Seen, Lo: lo, Hi: at, Source: "load", Detail: o.Example}
	}
	return Stamp{State: NotSeen}
}

// remarks are the flags that follow from the stamps alone.
func (r RecoveryTime) remarks() []string {
	var notes []string
	repaired := r.Repaired.State == Seen
	if repaired && r.Detected.State != Seen {
		notes = append(notes, noteUndetected)
	}
	if r.Repaired.State == Censored {
		notes = append(notes, noteByHarness)
	}
	if r.Impact.State != Seen && r.Restored.State != NotSeen {
		notes = append(notes, noteMasked)
	}
	if r.Impact.State == Seen && repaired && r.Restored.State == Seen {
		switch {
		case r.Restored.Hi < r.Repaired.Lo:
			notes = append(notes, noteRerouted)
		case r.Restored.Lo > r.Repaired.Hi:
			notes = append(notes, noteLateForUsers)
		}
	}
	if r.Paged.State == Seen && r.Detected.State == Seen && r.Paged.Hi > r.Detected.Hi {
		notes = append(notes, fmt.Sprintf("a person would have been paged %s after the fault", formatDuration(r.Paged.Hi-r.Effective.Hi)))
	}
	return notes
}
