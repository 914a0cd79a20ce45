package calibrate

import (
	"math"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
)

// Outage is one outage as it was and as it was measured. All times count from
// the start of its trial.
type Outage struct {
	Case int  `json:"case"`
	Mode Mode `json:"mode"`
	// Truth is when the target was down, Failed how many requests that cost.
	Truth  harness.Window `json:"truth"`
	Failed int            `json:"failed"`
	// Measured is what it was found as, in order: one outage, or several when
	// good requests lie between. None means that it was missed.
	Measured []harness.Outage `json:"measured,omitempty"`
	// Lag is the longest delay by the machine in and about it: of the requests
	// there, or between the target's stamp of an edge and the edge itself.
	Lag time.Duration `json:"lagNs"`
}

// found reports whether the outage was seen at all.
func (o Outage) found() bool { return len(o.Measured) > 0 }

// begin and end are the errors of the edges, down that of the downtime; of an
// outage that was found.
func (o Outage) begin() time.Duration { return o.Measured[0].From - o.Truth.From }
func (o Outage) end() time.Duration   { return o.Measured[len(o.Measured)-1].To - o.Truth.To }
func (o Outage) down() time.Duration {
	total := time.Duration(0)
	for _, m := range o.Measured {
		total += m.Length()
	}
	return total - o.Truth.Length()
}

// count is the error of the number of failed requests.
func (o Outage) count() int {
	bad := 0
	for _, m := range o.Measured {
		bad += m.Bad
	}
	return bad - o.Failed
}

// Invented is a measured outage where there was none.
type Invented struct {
	harness.Outage
	// Lag is the longest delay of the requests in and about it.
	Lag time.Duration `json:"lagNs"`
}

// lagAbout is the longest delay of the requests that are due from slack before
// from to slack after to, or were still under way then.
func (t trial) lagAbout(from, to time.Time, slack time.Duration) time.Duration {
	return t.latest(from.Add(-slack), to.Add(slack))
}

// invented adds to outages the lag that they came with.
func (t trial) invented(outages []harness.Outage, slack time.Duration) []Invented {
	var all []Invented
	for _, o := range outages {
		all = append(all, Invented{o, t.lagAbout(t.base.Add(o.From), t.base.Add(o.To), slack)})
	}
	return all
}

// truths is what a target wrote down, on the time line of a trial, each with
// the delays from slack before to slack after it.
func truths(t trial, played []*outage, slack time.Duration) []Outage {
	var all []Outage
	for _, o := range played {
		truth := Outage{
			Case: o.caseNo, Mode: o.mode,
			Truth:  harness.Window{From: t.offset(o.begin), To: t.offset(o.end)},
			Failed: int(o.failed.Load()),
			Lag:    max(o.blur, t.lagAbout(o.begin, o.end, slack)),
		}
		if !o.mode.counted() {
			truth.Failed = t.scheduled(o.begin, o.end)
		}
		all = append(all, truth)
	}
	return all
}

// assign gives every measured outage to the true one that it shares most time
// with, or else to the nearest within slack of it, and returns those that
// belong to none: they were invented. The true ones are in order and apart by
// more than twice the slack.
func assign(truth []Outage, measured []harness.Outage, slack time.Duration) (invented []harness.Outage) {
	for _, m := range measured {
		best, bestOverlap := -1, -slack-1
		for i, t := range truth {
			// The negative of the distance when they share no time.
			overlap := min(m.To, t.Truth.To) - max(m.From, t.Truth.From)
			if overlap > bestOverlap {
				best, bestOverlap = i, overlap
			}
		}
		if best < 0 {
			invented = append(invented, m)
			continue
		}
		truth[best].Measured = append(truth[best].Measured, m)
	}
	return invented
}

// Slices is one scripted case by the other definition of downtime.
type Slices struct {
	Mode Mode `json:"mode"`
	// Truth is how long the target was down, Measured the downtime by slices.
	Truth    time.Duration `json:"truthNs"`
	Measured time.Duration `json:"measuredNs"`
}

// bySlices measures each case of the script on its own: the real Measure of
// the evidence about it.
func bySlices(ev harness.Evidence, truth []Outage, around time.Duration) []Slices {
	var all []Slices
	for rest := truth; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Case == rest[0].Case {
			n++
		}
		parts := rest[:n]
		rest = rest[n:]
		s := Slices{Mode: parts[0].Mode}
		for _, p := range parts {
			s.Truth += p.Truth.Length()
		}
		view := viewOf(ev, harness.Window{From: parts[0].Truth.From - around, To: parts[n-1].Truth.To + around})
		s.Measured = harness.Measure(view).SliceDowntime.Total
		all = append(all, s)
	}
	return all
}

// viewOf is the evidence as if only w, widened to whole ticks, had been judged.
func viewOf(ev harness.Evidence, w harness.Window) harness.Evidence {
	w.From = w.From.Truncate(harness.TickWidth)
	w.To = time.Duration(math.Ceil(float64(w.To)/float64(harness.TickWidth))) * harness.TickWidth
	ev.Stages = []harness.StageRecord{{Stage: harness.Baseline, Window: w}}
	ev.Seconds = slices.DeleteFunc(slices.Clone(ev.Seconds), func(s harness.Second) bool {
		return s.At >= w.To || s.At+time.Second <= w.From
	})
	return ev
}
