package harness

import (
	"fmt"
	"strings"
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
	noteHelped       = "users were served again only after the harness had set out to remove the fault"
)

// after is the length from t0 to a moment, in words.
func (r RecoveryTime) after(at time.Duration) string {
	return formatDuration(max(0, at-r.Effective.Hi))
}

// remarks are the flags that follow from the stamps alone.
func (r RecoveryTime) remarks() []string {
	var notes []string
	repaired := r.Repaired.State == Seen
	if repaired && r.Detected.State == Censored {
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
		notes = append(notes, fmt.Sprintf("a person would have been paged %s after the fault", r.after(r.Paged.Hi)))
	}
	return notes
}

// namingRemarks say whether what was broken got its right name, and how each
// of several targets fared.
func (r RecoveryTime) namingRemarks(f faulted) []string {
	var notes []string
	if r.Misnamed.State == Seen {
		right := "and the right name was not said"
		if r.Diagnosed.State == Seen {
			right = fmt.Sprintf("the right name came after %s", r.after(r.Diagnosed.Hi))
		}
		notes = append(notes, fmt.Sprintf("%s after %s by %s: wrong, the fault was in %s; %s",
			r.misname(), r.after(r.Misnamed.Hi), r.Misnamed.Source, listed(f.names()), right))
	}
	for _, t := range r.Targets {
		notes = append(notes, fmt.Sprintf("%s: %s, %s, %s", t.Name,
			r.when("in effect", t.Effective), r.when("named", t.Diagnosed), r.when("repaired", t.Repaired)))
	}
	return notes
}

// misname is "named catalog-1".
func (r RecoveryTime) misname() string {
	return "named " + r.Misnamed.Detail[strings.LastIndex(r.Misnamed.Detail, " ")+1:]
}

// when is "named after 24 ms by gateway-3", or that it was not.
func (r RecoveryTime) when(what string, s Stamp) string {
	switch s.State {
	case Seen:
		return fmt.Sprintf("%s after %s by %s", what, r.after(s.Hi), s.Source)
	case Censored:
		return fmt.Sprintf("not %s within %s", what, r.after(s.Hi))
	}
	return what + " not observed"
}

// userRemarks say what the other stamps leave out about users.
func (r RecoveryTime) userRemarks() []string {
	var notes []string
	if r.helped() {
		notes = append(notes, noteHelped)
	}
	if again := r.relapsed(); again != "" {
		notes = append(notes, again)
	}
	return notes
}

// relapsed says that users were without service again after they had it back;
// empty when they were not.
func (r RecoveryTime) relapsed() string {
	if len(r.Relapses) == 0 {
		return ""
	}
	var total time.Duration
	for _, w := range r.Relapses {
		total += w.Length()
	}
	return fmt.Sprintf("users were without service again %s after the fault, for %s in all",
		r.after(r.Relapses[0].From), formatDuration(total))
}
