package reports

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
)

// inside says that what was tested ran in the same process as the load.
const inside = "inproc"

// generatorFacts are the health of the load generator in words, short enough
// for one line: "8 % of a core, 99 of 100 requests sent at most 370 µs late".
// Empty when there is no record of it.
func (t trial) generatorFacts() string {
	if t.measured == nil || t.evidence != nil && len(t.evidence.Seconds) == 0 {
		return ""
	}
	g := t.measured.Generator
	cpu := percent(g.CPUShare) + " of a core"
	if t.evidence != nil && t.evidence.Stack.Kind == inside {
		cpu += " with the stack in it"
	}
	parts := []string{cpu, "99 of 100 requests sent at most " + length(g.LagP99) + " late"}
	if g.Shortfall > 0 {
		parts = append(parts, percent(g.Shortfall)+" of the planned ones not sent")
	}
	if text := g.Robbed(); text != "" {
		parts = append(parts, sentence(text))
	}
	return strings.Join(parts, ", ")
}

// robbed is what the host of the machine did in the trial that a finding is
// about, or in the worst one of the scenario; empty when that was nothing.
func (s scenario) robbed(f harness.Finding) string {
	var worst harness.GeneratorHealth
	for _, t := range s.trials {
		if t.measured != nil && (f.Trial == 0 || f.Trial == t.number) && t.measured.Generator.Stolen > worst.Stolen {
			worst = t.measured.Generator
		}
	}
	return sentence(worst.Robbed())
}

// unjudged says what was seen in a trial that is no evidence: numbers for those
// who look for the cause, about which nothing was decided. Empty when nothing
// was recorded.
func (t trial) unjudged() []fact {
	health := t.generatorFacts()
	if health == "" {
		return nil
	}
	m := t.measured
	facts := []fact{{"requests", "none was sent in the judged time"}}
	if m.Scheduled > 0 {
		facts = []fact{
			{"requests", fmt.Sprintf("%s sent in the judged time, %s failed (%s)", count(m.Scheduled), count(m.Bad), percent(m.FailedFraction))},
			{"downtime", fmt.Sprintf("%s by outages, %s by slices", exactly(m.OutageDowntime), exactly(m.SliceDowntime))},
		}
	}
	if text := classWords(m.Classes); text != "" {
		facts = append(facts, fact{"failures", text})
	}
	facts = append(facts, fact{"generator", health})
	if len(m.Outages) > 0 {
		facts = append(facts, fact{"outages", outagesWords(*m)}) // the last: each of them follows
	}
	return facts
}

// outagesWords is "2 in 1 episode; the longest lasted 7 ms".
func outagesWords(m harness.Measurement) string {
	return fmt.Sprintf("%s in %s; the longest lasted %s", count(len(m.Outages)), plural(len(m.Episodes), "episode"), length(longest(m.Outages)))
}

// notJudged stands over what unjudged says.
const notJudged = "seen, not judged"
