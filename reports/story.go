package reports

import (
	"cmp"
	"slices"
	"strings"
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
	// below is what after is surely shorter than, when it cannot be told from
	// nothing; otherwise empty.
	below string
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
	for _, s := range append(noticed(r), []moment{
		{r.Misnamed, "", "something else was named: wrong", ""},
		{r.Diagnosed, "t3", "the broken part is named", "nobody was seen to name the broken part"},
		{r.Repaired, "t4", "repaired, or traffic led around it", "no repair was seen"},
		{r.Restored, "t5", restored, "users were not seen to be served again"},
		{data, "t6", "data recovered and verified", ""},
	}...) {
		by := join(line(s.Source), sentence(s.Detail))
		switch {
		case s.State == harness.Seen:
			if s.what == restored && s.Hi <= zero { // not an event
				seen = append(seen, step{moment: s.name, at: zero, what: s.what, by: by})
				continue
			}
			since := harness.Phase{State: s.State, Length: max(0, s.Hi-zero), Resolution: max(s.Hi-s.Lo, zero-r.Effective.Lo)}
			next := step{
				moment: s.name, at: s.Hi, after: length(since.Length), between: interval(s.Stamp, zero),
				within: plusMinus(since.Resolution), what: s.what, by: by,
			}
			if bound, ok := since.Below(); ok {
				next.below, next.between = length(bound), ""
			}
			seen = append(seen, next)
		case s.unseen != "" && s.State == harness.Censored:
			what := s.unseen + " within " + length(max(0, s.Hi-zero))
			missing = append(missing, step{missing: true, moment: s.name, what: what, by: by})
		case s.unseen != "":
			missing = append(missing, step{missing: true, moment: s.name, what: s.unseen, by: by})
		}
	}
	slices.SortStableFunc(seen, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return append(append(steps, seen...), missing...)
}

// moment is one stamp of a recovery: its name in the phases, and what it says
// when it was seen; unseen, when it was not, is empty where that is no news.
type moment struct {
	harness.Stamp
	name, what, unseen string
}

// noticed are the first failed request and both views of detection: what the
// platform did by itself, and the alert that calls people. The first of the
// two is t2.
func noticed(r harness.RecoveryTime) []moment {
	machine := moment{r.Noticed, "", "noticed by the platform", ""}
	if r.Noticed.State == "" { // evidence without the machines' view
		machine.Stamp = r.Detected
	}
	pager := moment{r.Paged, "", "alert firing: people are called", "no alert was seen"}
	switch {
	case r.Detected.State != harness.Seen:
		machine.Stamp, machine.name, machine.unseen = r.Detected, "t2", "nobody was seen to notice"
	case r.Paged.State == harness.Seen && r.Paged.Hi <= r.Detected.Hi && machine.Hi != r.Detected.Hi:
		pager.name, machine.unseen = "t2", "the platform itself was not seen to notice"
	default:
		machine.name = "t2"
	}
	return []moment{{r.Impact, "t1", "first request failed", ""}, machine, pager}
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
	if length(from) == length(to) {
		return "" // too close to be told apart in writing: the resolution says it
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

// when is lead without what the interval says better.
func (s step) when() string {
	if s.between != "" {
		return "+" + s.after
	}
	return s.lead()
}

// lead is the first column of a step: "at 12.09 s", "+0.21 s ±50 ms",
// "< 52 ms", "?".
func (s step) lead() string {
	switch {
	case s.missing:
		return "?"
	case s.start != "":
		return "at " + s.start
	case s.below != "":
		return "<" + nbsp + s.below
	case s.after == "":
		return ""
	}
	return strings.TrimSpace("+" + s.after + " " + s.within)
}
