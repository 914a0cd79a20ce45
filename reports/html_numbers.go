package reports

import (
	"github.com/fournines/fournines/harness"
)

// numbers are what a trial comes to; where nothing was sent there are dashes.
func (t trial) numbers() []factView {
	if t.measured == nil {
		return nil
	}
	m := t.measured
	facts := []factView{{"judged time", offset(m.Judged.From) + " to " + offset(m.Judged.To), length(m.Judged.Length())}}
	if m.Judged.Length() <= 0 {
		facts[0] = factView{"judged time", unmeasured, "the trial did not get there"}
	}
	if text := t.early(); text != "" {
		facts = append(facts, factView{"ended early", length(t.evidence.End.At), text})
	}
	facts = append(facts, factView{"requests", count(m.Scheduled), "planned for the judged time and sent"})
	traffic := t.traffic(*m)
	if m.Scheduled == 0 {
		for i := range traffic {
			traffic[i].Value, traffic[i].Note = unmeasured, ""
		}
	}
	facts = append(facts, traffic...)
	for _, q := range harness.Quantiles() {
		if l, ok := m.Latency[q]; ok {
			facts = append(facts, factView{"latency " + q, length(l), ""})
		}
	}
	for _, f := range t.writes() {
		facts = append(facts, factView{f.name, f.value, f.text})
	}
	facts = append(facts, t.shareFacts()...)
	return append(facts, t.generator(m.Generator)...)
}

// traffic is what became of the requests.
func (t trial) traffic(m harness.Measurement) []factView {
	facts := []factView{{"failed requests", count(m.Bad), percent(m.FailedFraction)}}
	for _, class := range byFrequency(m.Classes) {
		facts = append(facts, factView{"failed: " + line(string(class)), count(m.Classes[class]), ""})
	}
	return append(facts,
		factView{"downtime by outages", length(m.OutageDowntime.Total), withNote(plusMinus(m.OutageDowntime.Resolution), "from the first failed request to the next good one")},
		factView{"downtime by slices", length(m.SliceDowntime.Total), withNote(plusMinus(m.SliceDowntime.Resolution), "slices of time in which too few requests were good")},
		factView{"availability by outages", availability(m.OutageDowntime.Availability), "1 − downtime / judged time"},
		factView{"availability by slices", availability(m.SliceDowntime.Availability), "the same, with the downtime by slices"},
		factView{"outages", count(len(m.Outages)), "in " + plural(len(m.Episodes), "episode") + ": outages close together are one"},
	)
}

// generator is the health of the load generator itself.
func (t trial) generator(g harness.GeneratorHealth) []factView {
	facts := []factView{
		{"load generator: not sent", percent(g.Shortfall), "of what was planned; more than 1" + nbsp + "% makes the run invalid"},
		{"load generator: behind schedule", length(g.LagP99), "99 of 100 requests were sent at most this late; more than 50" + nbsp + "ms makes the run invalid"},
		{"load generator: processor", percent(g.CPUShare), "of one core, used by fournines itself"},
	}
	if t.evidence != nil && len(t.evidence.Seconds) == 0 {
		facts[0].Value, facts[1].Value, facts[2].Value = unmeasured, unmeasured, unmeasured
	}
	if g.Stolen > 0 {
		facts = append(facts, factView{"taken by the host of this machine", percent(g.Stolen), "of all processors, in the worst second, at " + offset(g.StolenAt)})
	}
	return facts
}
