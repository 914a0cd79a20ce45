package harness

// tookEffect are the faults of a trial that took effect, those of clients, which
// hit no replica, among them; false when there is none, or none was meant to
// break anything.
func tookEffect(ev Evidence) (f faulted, ok bool) {
	for _, in := range ev.Injections {
		if in.Effective && in.Action != NoopAction {
			f.injections = append(f.injections, in)
		}
	}
	return f, len(f.injections) > 0
}

// clientsNoticed is what there is of a time line where clients are the fault:
// its effect, and the first signal before they left that something is wrong.
// There is no part to name or to repair. The zero value when no fault took
// effect.
func clientsNoticed(t judged) RecoveryTime {
	f, ok := tookEffect(t.ev)
	if !ok {
		return RecoveryTime{}
	}
	for _, in := range f.injections {
		until := in.RecoverAt
		if until <= 0 {
			until = max(t.m.Judged.To, t.ev.End.At)
		}
		f.horizon = max(f.horizon, until)
	}
	r := RecoveryTime{Applies: true, Effective: f.effective(t.ev), Removal: f.horizon}
	r.Detected = firstSignal(signalsFrom(t.ev, r.Effective.Lo), f.horizon, func(s Signal) bool { return s.Kind.Detects() })
	if o := t.ev.Stack.Observers; o != nil && len(o) == 0 && r.Detected.State != Seen {
		r.Detected = Stamp{State: NotSeen, Detail: "no observer on this stack can notice a fault"}
		return r
	}
	r.unwatched(t.ev, f)
	return r
}
