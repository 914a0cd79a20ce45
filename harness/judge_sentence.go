package harness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// verdictSentence is the verdict for somebody who has never seen fournines.
func verdictSentence(s Scenario, v Verdict, sound []judged) string {
	word := strings.ToUpper(v.Outcome.String()) + ": "
	if v.Outcome == Pass {
		return word + passClause(s, v, sound) + "."
	}
	worst, others := leading(v)
	clause := lowerFirst(strings.TrimSuffix(worst.Reason, "."))
	if worst.Trial > 0 && len(v.Trials) > 1 {
		clause = fmt.Sprintf("in trial %d of %d, %s", worst.Trial, len(v.Trials), clause)
	}
	switch v.Outcome {
	case Invalid:
		clause = "this run says nothing about the stack: " + clause
	default:
		if what := deed(sound); what != "" && len(s.Faults) > 0 {
			clause = what + ": " + clause
		}
	}
	if others > 0 {
		clause += fmt.Sprintf(" (and %d more %s)", others, plainFindings(others))
	}
	if worst.Needs != "" && v.Outcome == Inconclusive {
		clause += "; needed: " + worst.Needs
	}
	return word + clause + "."
}

func plainFindings(n int) string {
	if n == 1 {
		return "finding"
	}
	return "findings"
}

// leading is the first finding that has the verdict's outcome, and how many
// more have it.
func leading(v Verdict) (first Finding, others int) {
	n := 0
	for _, f := range v.Findings {
		if f.Advisory || f.Outcome != v.Outcome {
			continue
		}
		if n == 0 {
			first = f
		}
		n++
	}
	return first, max(0, n-1)
}

// passClause is what a passed scenario cost.
func passClause(s Scenario, v Verdict, sound []judged) string {
	if len(s.Faults) == 0 {
		if i := slices.IndexFunc(v.Findings, func(f Finding) bool { return f.Check == "steady-state" }); i >= 0 {
			return lowerFirst(strings.TrimSuffix(v.Findings[i].Reason, ".")) + writesClause(sound)
		}
	}
	worst := slices.MaxFunc(sound, func(a, b judged) int { return a.m.Bad - b.m.Bad }).m
	most := ""
	if len(sound) > 1 {
		most = "at most "
	}
	var b strings.Builder
	if len(sound) > 1 {
		fmt.Fprintf(&b, "in %d trials, ", len(sound))
	}
	what := deed(sound)
	if what == "" {
		what = "ordinary traffic"
	}
	fmt.Fprintf(&b, "%s cost %s%s", what, most, counts{worst.Bad, worst.Scheduled}.plain())
	if l := s.Limits.FailedFraction; l != nil {
		fmt.Fprintf(&b, " (limit %s%s)", exactPercent(*l), tooFine(*l, worst.Scheduled))
	}
	down := longest(sound, func(m Measurement) time.Duration { return max(m.OutageDowntime.Total, m.SliceDowntime.Total) })
	fmt.Fprintf(&b, " and %s%s of downtime", most, formatDuration(down))
	b.WriteString(recoveryClause(sound, most))
	b.WriteString(writesClause(sound))
	if i := slices.IndexFunc(v.Findings, func(f Finding) bool { return f.Check == "injections" && !f.Advisory }); i >= 0 {
		fmt.Fprintf(&b, "; %s, enough for tier %s", strings.ReplaceAll(v.Findings[i].Measured, " clean", " injections were within every limit"), sound[0].ev.Terms.Tier)
	}
	return b.String()
}

// tooFine says that a limit is smaller than one of n requests; else empty.
func tooFine(limit float64, n int) string {
	if one := 1 / float64(max(1, n)); limit > 0 && one > limit {
		return fmt.Sprintf(", and 1 of %s is %s: no smaller share can be told", formatCount(n), formatPercent(one))
	}
	return ""
}

func longest(sound []judged, of func(Measurement) time.Duration) time.Duration {
	var d time.Duration
	for _, t := range sound {
		d = max(d, of(t.m))
	}
	return d
}

// recoveryClause is "; detected after 210 ms, routed around after 2.4 s".
func recoveryClause(sound []judged, most string) string {
	var parts []string
	all := func(has func(RecoveryTime) bool) bool {
		return !slices.ContainsFunc(sound, func(t judged) bool { return !t.m.Recovery.Applies || !has(t.m.Recovery) })
	}
	// say adds the slowest trial's phase: "detected after 210 ms", or "within"
	// its bound when it cannot be told from the moment of the effect.
	say := func(what string, phase func(RecoveryTime) Phase) {
		slowest := phase(slices.MaxFunc(sound, func(a, b judged) int {
			return cmp.Compare(phase(a.m.Recovery).Length, phase(b.m.Recovery).Length)
		}).m.Recovery)
		if bound, below := slowest.Below(); below {
			parts = append(parts, what+" within "+formatDuration(bound))
		} else {
			parts = append(parts, what+" after "+most+formatDuration(slowest.Length))
		}
	}
	if all(func(r RecoveryTime) bool { return r.Detected.State == Seen }) {
		say("detected", RecoveryTime.Detection)
	}
	if all(func(r RecoveryTime) bool { return r.Repaired.State == Seen }) {
		word := "routed around"
		if all(func(r RecoveryTime) bool { return strings.HasPrefix(r.Repaired.Detail, string(Ready)) }) {
			word = "ready again"
		}
		say(word, RecoveryTime.untilRepaired)
	}
	if all(RecoveryTime.hasData) && all(func(r RecoveryTime) bool { return r.Data.State == Seen }) {
		say("data read again", func(r RecoveryTime) Phase { return r.Total })
	}
	back := longest(sound, func(m Measurement) time.Duration { return m.Recovery.Restored.Hi - m.Recovery.Effective.Hi })
	if back > 0 && all(func(r RecoveryTime) bool { return r.Restored.State == Seen }) {
		say("users served again", func(r RecoveryTime) Phase {
			return phaseBetween(TotalPhase, Seen, r.Effective, r.Restored)
		})
	}
	if len(parts) == 0 {
		return ""
	}
	return "; " + strings.Join(parts, ", ")
}

// lowerFirst makes the start of a sentence fit inside another one; words in
// capitals stay as they are.
func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) > 1 && unicode.IsUpper(r[0]) && !unicode.IsUpper(r[1]) {
		r[0] = unicode.ToLower(r[0])
	}
	return string(r)
}
