package observe

import (
	"cmp"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
)

// activeResolution is how exactly Prometheus dates activeAt. It is the time of
// the rule's evaluation: when the alert became active, by definition.
const activeResolution = time.Millisecond

// alertDiff turns polled sets of active alerts into signals.
type alertDiff struct {
	// began is when the observation began.
	began time.Time
	known map[string]alert
}

// next takes the alerts that are active at a poll that ended at end, and how
// long before that one may have changed; 0 for the first poll. The signals
// are in order of time, and by alert where times are the same.
func (d *alertDiff) next(active []alert, end time.Time, since time.Duration) []harness.Signal {
	first := d.known == nil
	now := make(map[string]alert, len(active))
	var signals []harness.Signal
	for _, a := range active {
		id := a.key()
		now[id] = a
		before, seen := d.known[id]
		// An alert that was resolved and active again between two polls is a
		// new one.
		again := seen && !a.ActiveAt.Equal(before.ActiveAt)
		if again && before.firing() {
			signals = append(signals, before.signal(harness.AlertResolved, end, since))
		}
		fresh := (!seen || again) && a.ActiveAt.After(d.began)
		switch {
		case first && !fresh:
			// Was active before: where the observation starts from.
		case a.firing() && !(seen && !again && before.firing()):
			// It cannot have fired before it was active.
			signals = append(signals, a.signal(harness.AlertFiring, end, bound(since, end.Sub(a.ActiveAt))))
		case a.State == "pending" && fresh:
			signals = append(signals, a.signal(harness.AlertPending, a.ActiveAt, activeResolution))
		}
	}
	for id, before := range d.known {
		if _, still := now[id]; !still && before.firing() {
			signals = append(signals, before.signal(harness.AlertResolved, end, since))
		}
	}
	d.known = now
	slices.SortStableFunc(signals, func(a, b harness.Signal) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Detail, b.Detail))
	})
	return signals
}

// bound is the smaller of two bounds on how long ago a thing happened; a bound
// of 0 or less is none.
func bound(a, b time.Duration) time.Duration {
	switch {
	case a <= 0:
		return max(b, 0)
	case b <= 0:
		return a
	}
	return min(a, b)
}
