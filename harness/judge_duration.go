package harness

import (
	"fmt"
	"strings"
	"time"
)

// judgeDuration holds a measured duration to its limit. At or below the limit
// it passes; above it by at least the resolution it fails; above it by less it
// is Inconclusive, because the true value may be either. clause says what was
// measured and has one %s for it.
func judgeDuration(f Finding, measured, resolution, limit time.Duration, clause string) Finding {
	f.Measured, f.MeasuredValue = formatDuration(measured), number(measured.Seconds())
	f.Resolution = "±" + formatDuration(resolution)
	withLimit(&f, limit)
	shown, bound := f.Measured, formatDuration(limit)
	if shown == bound && measured != limit {
		shown = measured.String() // rounding would hide the difference
	}
	what := fmt.Sprintf(clause, fmt.Sprintf("%s (±%s)", shown, formatDuration(resolution)))
	switch {
	case measured <= limit && measured+resolution > limit && resolution > 0:
		f.Outcome, f.Coarse = Pass, true
		f.Resolution += ", reaching beyond the limit"
		f.Reason = sentence(fmt.Sprintf("%s, within the limit of %s as far as can be told", what, bound))
	case measured <= limit:
		f.Outcome = Pass
		f.Reason = sentence(fmt.Sprintf("%s, within the limit of %s", what, bound))
	case measured-resolution >= limit:
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = sentence(fmt.Sprintf("%s, more than the limit of %s", what, bound))
	default:
		f.Outcome, f.Code = Inconclusive, WithinResolution
		f.Reason = sentence(fmt.Sprintf("%s: too coarse to tell whether the limit of %s was kept", what, bound))
		f.Needs = "a finer measurement, for example a higher rate of requests, or a wider limit"
	}
	return f
}

// judgeSpan holds a phase that was seen to its limit, by the rule of
// judgeDuration. One that is too short to be told from nothing is shown as its
// bound, "< 52 ms", and never as an exact 0.
func judgeSpan(f Finding, p Phase, limit time.Duration, clause string) Finding {
	bound, below := p.Below()
	if !below {
		return judgeDuration(f, p.Length, p.Resolution, limit, strings.Replace(clause, "%s", "after %s", 1))
	}
	f = judgeDuration(f, p.Length, p.Resolution, limit, strings.Replace(clause, "%s", "within %s", 1))
	exact := fmt.Sprintf("%s (±%s)", f.Measured, formatDuration(p.Resolution))
	f.Measured, f.Resolution = "< "+formatDuration(bound), "" // the bound says it
	f.Reason = strings.Replace(f.Reason, "within "+exact, "within "+formatDuration(bound), 1)
	return f
}

func withLimit(f *Finding, limit time.Duration) {
	f.Limit, f.LimitValue = "≤ "+formatDuration(limit), number(limit.Seconds())
}

// unobserved is the finding of something that has a limit and was not seen.
func unobserved(f Finding, limit time.Duration, clause string) Finding {
	withLimit(&f, limit)
	f.Outcome, f.Code = Inconclusive, Unobserved
	f.Reason = sentence(clause)
	if f.Needs == "" {
		f.Needs = "a source that observes it"
	}
	return f
}

// judgeDowntime holds both definitions of downtime to the limit; the larger is
// the one that is reported, and the worse outcome decides.
func judgeDowntime(t judged, limit time.Duration) Finding {
	outages, slices := t.m.OutageDowntime, t.m.SliceDowntime
	first, second := outages, slices
	firstBy, secondBy := "outages", "slices"
	if slices.Total > outages.Total {
		first, second, firstBy, secondBy = slices, outages, "slices", "outages"
	}
	beside := fmt.Sprintf("%s (±%s) by %s", formatDuration(second.Total), formatDuration(second.Resolution), secondBy)
	blank := Finding{Check: "downtime", Evidence: outageRefs(t.m.Outages)}
	f := judgeDuration(blank, first.Total, first.Resolution, limit, "users lost %s by "+firstBy+", "+beside)
	g := judgeDuration(blank, second.Total, second.Resolution, limit, "users lost %s by "+secondBy+
		fmt.Sprintf(", %s (±%s) by %s", formatDuration(first.Total), formatDuration(first.Resolution), firstBy))
	if f.Outcome.Worse(g.Outcome) != f.Outcome {
		return g
	}
	return f
}
