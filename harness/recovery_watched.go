package harness

import (
	"slices"
	"strings"
)

// unwatched takes back what the silence of nobody says: where no observer of
// the stack could notice the fault, an absent detection is unobserved and not
// censored.
func (r *RecoveryTime) unwatched(ev Evidence, f faulted) {
	if ev.Stack.Observers == nil {
		if !heard(ev) {
			nobody := Stamp{State: NotSeen}
			r.Detected, r.Diagnosed, r.Repaired = nobody, nobody, nobody
			r.Notes = append(r.Notes, noteUnwatched)
		}
		return
	}
	if r.Paged.State != Seen && !slices.ContainsFunc(ev.Stack.Observers, func(s Sight) bool { return s.Pages }) {
		r.Paged = Stamp{State: NotSeen, Detail: "no observer on this stack pages anybody"}
	}
	if f.watchedBy(f.speaking(ev, r.Effective)) {
		r.silenced(ev, f)
		return
	}
	nobody := Stamp{State: NotSeen, Detail: "no observer on this stack can notice a fault in " + strings.Join(f.components, " or ")}
	for _, s := range []*Stamp{&r.Detected, &r.Diagnosed} {
		if s.State != Seen {
			*s = nobody
		}
	}
	if r.Detected.State != Seen {
		r.Notes = append(r.Notes, nobody.Detail+": its detection says nothing about the platform")
	}
}

// watchedBy reports whether one of the observers can notice a fault in a
// component that was hit. Of a component that the evidence does not know it is
// assumed.
func (f faulted) watchedBy(observers []Sight) bool {
	if len(f.components) == 0 {
		return true
	}
	return slices.ContainsFunc(observers, func(s Sight) bool {
		return slices.ContainsFunc(s.Components, func(c string) bool { return slices.Contains(f.components, c) })
	})
}

// heard reports whether anything that can notice a fault said something: a
// signal that is more than the life of a process. It stands in for the list of
// observers in evidence that has none.
func heard(ev Evidence) bool {
	return slices.ContainsFunc(ev.Signals, func(s Signal) bool {
		switch s.Kind {
		case Died, Exited, Paused, Unpaused, Started, Silent, Readable, Unreadable, BackedUp, RestoreVerified, RestoreFailed:
			return false
		}
		return true
	})
}
