package harness

import (
	"fmt"
	"slices"
	"time"
)

// milestone is what a source has to have said some time after a fault.
type milestone struct {
	check, source string
	// reached is the place of the earliest signal that says so at or after a
	// time, failed that of one that says why it is not; -1 when there is none.
	reached, failed func(ev Evidence, from time.Duration) int
	// clause has one %s for "after 2.2 s"; missing is what did not happen, nobody
	// that no source of the stack could say it, and needs what it takes.
	clause, missing, nobody, needs string
}

// judge holds the time from the first fault's effect until the milestone to its
// limit. A fault of clients, which hits no replica, counts like any other.
// Without the source's word the trial fails when it was watched for as long as
// the limit, and is Inconclusive when it was not.
func (m milestone) judge(t judged, limit time.Duration) Finding {
	f := Finding{Check: m.check}
	faults, ok := tookEffect(t.ev)
	if !ok {
		f.Needs = "a fault that takes effect"
		return unobserved(f, limit, "no fault took effect: there is nothing to count the time to "+checkPhrase(m.check)+" from")
	}
	from := faults.effective(t.ev)
	if i := m.reached(t.ev, from.Hi); i >= 0 {
		f.Evidence = []string{fmt.Sprintf("signal %d", i+1)}
		return judgeSpan(f, phaseBetween(m.check, Seen, from, stampOf(t.ev.Signals[i])), limit, m.clause)
	}
	if t.ev.Stack.Kind != "docker" {
		f.Needs = m.needs + ", such as --stack docker"
		return unobserved(f, limit, m.nobody)
	}
	missing := m.missing
	if i := m.failed(t.ev, from.Hi); i >= 0 {
		f.Evidence = []string{fmt.Sprintf("signal %d", i+1)}
		missing += fmt.Sprintf(" (one failed: %s)", t.ev.Signals[i].Detail)
	}
	f = judgeState(f, Phase{State: Censored, Length: max(0, watched(t, m.source)-from.Hi)}, limit, "", missing)
	if f.Outcome == Inconclusive {
		f.Needs = "stages after the fault that are longer than the limit, with a " + m.source + " that answers to their end"
	}
	return f
}

// checkPhrase is what a milestone's check is about, within a sentence.
func checkPhrase(check string) string {
	if check == scaleOut {
		return "more replicas"
	}
	return "a verified restore"
}

// firstOf is the place of the earliest signal at or after from that is wanted;
// -1 when there is none.
func firstOf(ev Evidence, from time.Duration, wanted func(Signal) bool) int {
	first := -1
	for i, s := range ev.Signals {
		if s.At >= from && wanted(s) && (first < 0 || s.At < ev.Signals[first].At) {
			first = i
		}
	}
	return first
}

// watched is until when a source would have been heard: the end of the trial's
// last stage, or its last answer when it gave none up to then. The silence of a
// source that is a target of the fault is no excuse.
func watched(t judged, source string) time.Duration {
	end := t.m.Judged.To
	if slices.ContainsFunc(t.ev.Injections, func(in InjectionRecord) bool { return slices.Contains(in.Targets, source) }) {
		return end
	}
	for _, s := range t.ev.Signals {
		if s.Kind == Silent && s.Source == source && s.At >= t.m.Judged.To {
			end = min(end, s.At-s.Resolution)
		}
	}
	return end
}
