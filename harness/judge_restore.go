package harness

import (
	"fmt"
	"slices"
	"time"
)

const (
	// verifiedRestore is the check of Limits.VerifiedRestore.
	verifiedRestore = "verifiedRestore"
	// backupSource is who says how restores went.
	backupSource = "backup"
)

// judgeRestore holds the time from the first fault's effect until the first
// restore that was verified at or after it to its limit. A fault of clients,
// which hits no replica, counts like any other. Only the backup's own word is a
// verified restore: without it the trial fails when it was watched for as long
// as the limit, and is Inconclusive when it was not.
func judgeRestore(t judged, limit time.Duration) Finding {
	f := Finding{Check: verifiedRestore}
	faults, ok := tookEffect(t.ev)
	if !ok {
		f.Needs = "a fault that takes effect"
		return unobserved(f, limit, "no fault took effect: there is nothing to count the time to a verified restore from")
	}
	from := faults.effective(t.ev)
	if i := firstRestore(t.ev, from.Hi, RestoreVerified); i >= 0 {
		f.Evidence = []string{fmt.Sprintf("signal %d", i+1)}
		seen := phaseBetween(verifiedRestore, Seen, from, stampOf(t.ev.Signals[i]))
		return judgeSpan(f, seen, limit, "a restore was verified %s, counted from the fault")
	}
	if kind := t.ev.Stack.Kind; kind != "docker" {
		f.Needs = "a stack whose backup says how its restores went, such as --stack docker"
		return unobserved(f, limit, "nobody on this stack says whether a restore was verified")
	}
	missing := "no restore was verified"
	if i := firstRestore(t.ev, from.Hi, RestoreFailed); i >= 0 {
		f.Evidence = []string{fmt.Sprintf("signal %d", i+1)}
		missing += fmt.Sprintf(" (one failed: %s)", t.ev.Signals[i].Detail)
	}
	watched := Phase{State: Censored, Length: max(0, restoresWatched(t)-from.Hi)}
	f = judgeState(f, watched, limit, "", missing)
	if f.Outcome == Inconclusive {
		f.Needs = "stages after the fault that are longer than the limit, with a backup that answers to their end"
	}
	return f
}

// firstRestore is the place of the earliest signal of a kind at or after from;
// -1 when there is none.
func firstRestore(ev Evidence, from time.Duration, kind Kind) int {
	first := -1
	for i, s := range ev.Signals {
		if s.Kind == kind && s.At >= from && (first < 0 || s.At < ev.Signals[first].At) {
			first = i
		}
	}
	return first
}

// restoresWatched is until when a restore would have been seen: the end of the
// trial's last stage, or the last answer of a backup that gave none up to then.
// The silence of a backup that is a target of the fault is no excuse.
func restoresWatched(t judged) time.Duration {
	end := t.m.Judged.To
	if slices.ContainsFunc(t.ev.Injections, func(in InjectionRecord) bool { return slices.Contains(in.Targets, backupSource) }) {
		return end
	}
	for _, s := range t.ev.Signals {
		if s.Kind == Silent && s.Source == backupSource && s.At >= t.m.Judged.To {
			end = min(end, s.At-s.Resolution)
		}
	}
	return end
}
