package harness

import (
	"cmp"
	"slices"
	"time"
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
	r := RecoveryTime{Applies: true, Effective: f.effective(ev), Removal: f.horizon}
	t0 := r.Effective
	seen := signalsFrom(ev, t0.Lo)

	r.Impact = impact(ev, judged, t0)
	r.Detected = firstSignal(seen, f.horizon, func(s Signal) bool { return s.Kind.Detects() })
	r.Noticed = firstSignal(seen, f.horizon, func(s Signal) bool { return s.Kind.Detects() && !s.Kind.Pages() })
	r.Paged = firstSignal(seen, judged.To, ev.Stack.pages)
	r.Diagnosed = firstSignal(seen, f.horizon, f.diagnoses)
	r.Misnamed = f.misnamed(seen, r.Diagnosed)
	r.Repaired = f.repaired(seen)
	r.Restored, r.Relapses = restored(cut, judged, t0, f.horizon)
	r.unwatched(ev, f)
	for _, s := range []*Stamp{&r.Noticed, &r.Paged} {
		if s.State == Censored {
			*s = Stamp{State: NotSeen}
		}
	}
	r.Data = r.dataRecovered(ev, judged, seen)
	r.telescope()
	r.Recovered = r.recovered()
	r.Targets = f.targets(seen)
	r.Notes = append(r.Notes, r.remarks()...)
	r.Notes = append(r.Notes, r.namingRemarks(f)...)
	r.Notes = append(r.Notes, r.userRemarks()...)
	r.Notes = append(r.Notes, r.dataNote(ev.Ledger)...)
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
