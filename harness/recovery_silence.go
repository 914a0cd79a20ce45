package harness

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// longSilence is how long an observer may give no answer before what it did not
// report says nothing. Half of the time in which the fault was in effect is
// always too long.
const longSilence = 10 * time.Second

// gaps are the silences of observers that could have noticed the fault, while
// it was in effect and as long as that matters. What a target of the fault
// cannot say is no gap: it was silenced on purpose (see speaking).
func (f faulted) gaps(ev Evidence, t0 Stamp) []Gap {
	var all []Gap
	for _, s := range ev.Signals {
		silent, long := f.silence(s, t0)
		if !long || slices.Contains(f.names(), s.Source) {
			continue
		}
		if slices.ContainsFunc(ev.Stack.Observers, func(o Sight) bool { return o.Source == s.Source && f.watchedBy([]Sight{o}) }) {
			all = append(all, Gap{s.Source, silent})
		}
	}
	return all
}

// silence is the part of a silence in which the fault was in effect, and
// whether it is so long that it matters.
func (f faulted) silence(s Signal, t0 Stamp) (w Window, long bool) {
	if s.Kind != Silent {
		return Window{}, false
	}
	w = Window{max(s.At-s.Resolution, t0.Lo), min(s.At, f.horizon)}
	return w, w.Length() > 0 && (w.Length() >= longSilence || 2*w.Length() >= f.horizon-t0.Lo)
}

// speaking are the observers without those that are targets of the fault and
// were silenced by it.
func (f faulted) speaking(ev Evidence, t0 Stamp) []Sight {
	return slices.DeleteFunc(slices.Clone(ev.Stack.Observers), func(o Sight) bool {
		return slices.Contains(f.names(), o.Source) && slices.ContainsFunc(ev.Signals, func(s Signal) bool {
			_, long := f.silence(s, t0)
			return long && s.Source == o.Source
		})
	})
}

// silenced takes back what the silence of an observer says that gave no answer:
// what it did not report is unobserved and not censored.
func (r *RecoveryTime) silenced(ev Evidence, f faulted) {
	r.Gaps = f.gaps(ev, r.Effective)
	if len(r.Gaps) == 0 {
		return
	}
	for _, g := range r.Gaps {
		r.Notes = append(r.Notes, g.String())
	}
	unknown := Stamp{State: NotSeen, Detail: gapList(r.Gaps)}
	for _, s := range []*Stamp{&r.Detected, &r.Diagnosed, &r.Repaired, &r.Paged} {
		if s.State == Censored {
			*s = unknown
		}
	}
}

// String is "prometheus gave no answer for 12 s while the fault was in effect".
func (g Gap) String() string {
	return fmt.Sprintf("%s gave no answer for %s while the fault was in effect", g.Source, formatDuration(g.Length()))
}

// gapList is the first gaps, as one clause.
func gapList(gaps []Gap) string {
	var words []string
	for _, g := range gaps[:min(len(gaps), maxDetails)] {
		words = append(words, g.String())
	}
	if n := len(gaps); n > maxDetails {
		words = append(words, fmt.Sprintf("and %d more", n-maxDetails))
	}
	return strings.Join(words, "; ")
}

// blinded makes a finding about the recovery that does not pass Invalid where an
// observer gave no answer that could have reported in time. What passes does so
// whatever that observer would have said, and users who were not served again
// within the limit were seen by the load.
func blinded(f Finding, r RecoveryTime, limit time.Duration) Finding {
	if len(r.Gaps) == 0 || f.Outcome == Pass {
		return f
	}
	if f.Check == TotalPhase && r.Restored.State != NotSeen && r.Restored.Lo-r.Effective.Hi > limit {
		return f
	}
	if stamp := r.stampOf(f.Check); stamp.State == Seen && !slices.ContainsFunc(r.Gaps, func(g Gap) bool { return g.From < stamp.Hi }) {
		return f // it was silent afterwards only
	}
	f.Outcome, f.Code = Invalid, TelemetryGap
	f.Reason = sentence(gapList(r.Gaps) + ": whether it would have reported in time cannot be told")
	f.Needs = "another trial in which all observers answer; the log of " + r.Gaps[0].Source + " may say why it did not"
	return f
}

// stampOf is the stamp that ends a phase.
func (r RecoveryTime) stampOf(phase string) Stamp {
	return map[string]Stamp{
		DetectionPhase: r.Detected, DiagnosisPhase: r.Diagnosed, RepairPhase: r.Repaired, TotalPhase: r.Data,
	}[phase]
}
