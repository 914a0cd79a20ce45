package reports

import (
	"cmp"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
)

// step is one line of the recovery story.
type step struct {
	// at is where a seen step lies on the trial's time line.
	at time.Duration
	// start is when the fault took effect, on the trial's time line; set for
	// that step only.
	start string
	// after is the time since then; empty for the fault itself and for what
	// was not seen.
	after string
	// within is how exact after is: "±0.05 s"; may be empty.
	within string
	// what happened, in words; by says who saw it; either may hold foreign
	// text (already plain).
	what, by string
	// missing marks what nobody observed.
	missing bool
}

// story tells a recovery in the order in which things happened: what was
// broken, who felt it, who noticed, who knew what it was, when was it repaired,
// when were users back to normal. What nobody saw comes last. Empty when the
// trial had no effective fault.
func (t trial) story() []step {
	if t.measured == nil || !t.measured.Recovery.Applies {
		return nil
	}
	r := t.measured.Recovery
	zero := r.Effective.Hi
	steps := []step{{start: offset(zero), what: "fault in effect" + t.faultNames(), by: join(line(r.Effective.Source), sentence(r.Effective.Detail))}}
	if t.measured.Bad == 0 && t.measured.Scheduled > 0 {
		steps = append(steps, step{what: "no request failed"})
	}
	data := r.Data
	if data.State == r.Repaired.State && data.Hi == r.Repaired.Hi {
		data = harness.Stamp{} // nothing to recover: t6 is t4
	}
	restored := "users back within the objective, and it held"
	if r.Restored.Hi <= zero {
		restored = "users stayed within the objective"
	}
	var seen, missing []step
	for _, s := range []struct {
		harness.Stamp
		what, unseen string
	}{
		{r.Impact, "first request failed", ""},
		{r.Detected, "detected", "detection not observed"},
		{r.Paged, "alert firing", ""},
		{r.Diagnosed, "diagnosed: the target is named", "diagnosis not observed"},
		{r.Repaired, "repaired or routed around", "repair not observed"},
		{r.Restored, restored, "return to the objective not observed"},
		{data, "data recovered and verified", ""},
	} {
		by := join(line(s.Source), sentence(s.Detail))
		switch {
		case s.State == harness.Seen:
			seen = append(seen, step{
				at: s.Hi, after: length(max(0, s.Hi-zero)),
				within: plusMinus(max(s.Hi-s.Lo, zero-r.Effective.Lo)), what: s.what, by: by,
			})
		case s.unseen != "" && s.State == harness.Censored:
			what := s.unseen + " within " + length(max(0, s.Hi-zero))
			missing = append(missing, step{missing: true, what: what, by: by})
		case s.unseen != "":
			missing = append(missing, step{missing: true, what: s.unseen, by: by})
		}
	}
	slices.SortStableFunc(seen, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return append(append(steps, seen...), missing...)
}

// faultNames is ": container-kill "catalog-2"", or empty without evidence.
func (t trial) faultNames() string {
	if t.evidence == nil {
		return ""
	}
	names := ""
	for i, injection := range t.evidence.Injections {
		if i == 0 {
			names = ": "
		} else {
			names += ", "
		}
		names += faultName(injection)
	}
	return names
}

func faultName(i harness.InjectionRecord) string {
	if i.Fault != "" {
		return line(i.Fault)
	}
	return line(i.Action)
}

// join writes "source: detail", or whichever of the two there is.
func join(source, detail string) string {
	switch {
	case source == "":
		return detail
	case detail == "":
		return source
	}
	return source + ": " + detail
}

// lead is the first column of a step: "at 12.09 s", "+0.21 s ±50 ms", "?".
func (s step) lead() string {
	switch {
	case s.missing:
		return "?"
	case s.start != "":
		return "at " + s.start
	case s.after == "":
		return ""
	case s.within == "":
		return "+" + s.after
	}
	return "+" + s.after + " " + s.within
}
