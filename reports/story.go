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
	// between is the interval in which the true time lies: "+0.12 s to +0.22 s";
	// empty for what was not seen, or is known to the moment.
	between string
	// moment is its name in the phases: "t2"; may be empty.
	moment string
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
	steps := []step{{moment: "t0", start: offset(zero), what: "fault in effect" + t.faultNames() + t.clock(zero), by: join(line(r.Effective.Source), sentence(r.Effective.Detail))}}
	if t.measured.Bad == 0 && t.measured.Scheduled > 0 {
		steps = append(steps, step{moment: "t1", what: "no request failed"})
	}
	data := r.Data
	if data.State == r.Repaired.State && data.Hi == r.Repaired.Hi {
		data = harness.Stamp{} // nothing to recover: t6 is t4
	}
	restored := "users are served within the objective again, and it held"
	if r.Restored.Hi <= zero {
		restored = "users were served within the objective all the time"
	}
	var seen, missing []step
	for _, s := range []struct {
		harness.Stamp
		moment, what, unseen string
	}{
		{r.Impact, "t1", "first request failed", ""},
		{r.Detected, "t2", "noticed by the platform", "nobody was seen to notice"},
		{r.Paged, "", "alert firing: people are called", "no alert was seen"},
		{r.Diagnosed, "t3", "the broken part is named", "nobody was seen to name the broken part"},
		{r.Repaired, "t4", "repaired, or traffic led around it", "no repair was seen"},
		{r.Restored, "t5", restored, "users were not seen to be served again"},
		{data, "t6", "data recovered and verified", ""},
	} {
		by := join(line(s.Source), sentence(s.Detail))
		switch {
		case s.State == harness.Seen:
			seen = append(seen, step{
				moment: s.moment, at: s.Hi, after: length(max(0, s.Hi-zero)), between: interval(s.Stamp, zero),
				within: plusMinus(max(s.Hi-s.Lo, zero-r.Effective.Lo)), what: s.what, by: by,
			})
		case s.unseen != "" && s.State == harness.Censored:
			what := s.unseen + " within " + length(max(0, s.Hi-zero))
			missing = append(missing, step{missing: true, moment: s.moment, what: what, by: by})
		case s.unseen != "":
			missing = append(missing, step{missing: true, moment: s.moment, what: s.unseen, by: by})
		}
	}
	slices.SortStableFunc(seen, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return append(append(steps, seen...), missing...)
}

// interval is where the true time of a stamp lies, since zero.
func interval(s harness.Stamp, zero time.Duration) string {
	if s.Hi <= s.Lo {
		return ""
	}
	from, to := s.Lo-zero, s.Hi-zero
	sign := "+"
	if from < 0 {
		sign = ""
	}
	return sign + length(from) + " to +" + length(max(0, to))
}

// clock is ", 14:02:23.344 UTC", to find the moment in other logs; empty when
// the wall-clock time of the trial is not known.
func (t trial) clock(at time.Duration) string {
	if t.evidence == nil || t.evidence.Start.IsZero() {
		return ""
	}
	return ", " + t.evidence.Start.Add(at).UTC().Format("15:04:05.000") + nbsp + "UTC"
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
