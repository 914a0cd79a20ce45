package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// fact is one line of what was seen in a trial.
type fact struct{ name, text string }

// seen says what became of the traffic of a trial in which nothing was broken
// on purpose: there is no recovery to tell of. Empty when there was a fault,
// or nothing was sent.
func (t trial) seen() []fact {
	if t.measured == nil || t.measured.Scheduled == 0 || t.evidence != nil && len(t.evidence.Plan.Injections) > 0 || t.measured.Recovery.Applies {
		return nil
	}
	m := t.measured
	facts := []fact{
		{"availability", fmt.Sprintf("%s of requests, %s of time by outages, %s by slices",
			availability(1-m.FailedFraction), availability(m.OutageDowntime.Availability), availability(m.SliceDowntime.Availability))},
		{"downtime", fmt.Sprintf("%s by outages, %s by slices", exactly(m.OutageDowntime), exactly(m.SliceDowntime))},
	}
	if text := worstWindows(m.Worst); text != "" {
		facts = append(facts, fact{"worst window", text})
	}
	for _, p := range m.Probers {
		facts = append(facts, fact{"prober", line(p.Name) + ": " + proberWords(p)})
	}
	if text := classWords(m.Classes); text != "" {
		facts = append(facts, fact{"failures", text})
	}
	if len(m.Outages) > 0 {
		facts = append(facts, fact{"outages", outagesWords(*m)})
	}
	return facts
}

// exactly is "1.20 s ±20 ms".
func exactly(d harness.Downtime) string {
	return strings.TrimSpace(length(d.Total) + " " + plusMinus(d.Resolution))
}

// worstWindows is "1 s with 0 % good, 5 s with 76 %".
func worstWindows(worst []harness.WorstWindow) string {
	var parts []string
	for i, w := range worst {
		part := axis(w.Length()) + " with " + availability(w.Good)
		if i == 0 {
			part += " good"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// proberWords is "12 of 1 200 failed, down for 1.25 s ±50 ms".
func proberWords(p harness.ProberMeasurement) string {
	if p.Scheduled == 0 {
		return "sent nothing"
	}
	text := fmt.Sprintf("%s of %s failed", count(p.Bad), count(p.Scheduled))
	if n := len(p.Outages); n > 0 {
		text += fmt.Sprintf(", down for %s in %s", exactly(p.Downtime), plural(n, "outage"))
	}
	return text
}

// proberNote says what a prober of that name is for.
func proberNote(name string) string {
	switch name {
	case "pooled":
		return "over kept connections, as the load"
	case "fresh":
		return "a new connection for every request"
	}
	return ""
}

// longest is the length of the longest outage.
func longest(outages []harness.Outage) (d time.Duration) {
	for _, o := range outages {
		d = max(d, o.Length())
	}
	return d
}

// classWords is "60 refused, 3 http-5xx": the most frequent first.
func classWords(classes map[harness.Class]int) string {
	var parts []string
	for _, class := range byFrequency(classes) {
		parts = append(parts, count(classes[class])+" "+line(string(class)))
	}
	return strings.Join(parts, ", ")
}

// byFrequency are the classes, the most frequent first.
func byFrequency(classes map[harness.Class]int) []harness.Class {
	return slices.SortedFunc(maps.Keys(classes), func(a, b harness.Class) int {
		return cmp.Or(classes[b]-classes[a], cmp.Compare(a, b))
	})
}
