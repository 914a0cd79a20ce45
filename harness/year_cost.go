package harness

import (
	"slices"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// injectionsOf are the trials of a verdict that are evidence of what the fault
// costs: none of their findings is Invalid, and the fault took effect.
func injectionsOf(v Verdict) []Measurement {
	invalid := map[int]bool{}
	for _, f := range v.Findings {
		if f.Outcome == Invalid && !f.Advisory {
			invalid[f.Trial] = true
		}
	}
	var sound []Measurement
	for i, m := range v.Trials {
		number := m.Trial
		if number < 1 {
			number = i + 1
		}
		if !invalid[number] && !invalid[0] && m.Recovery.Applies && m.Scheduled > 0 {
			sound = append(sound, m)
		}
	}
	return sound
}

// costOf is what the injections of one scenario cost.
//
// The bound of the mean needs no assumption about the distribution of costs:
// after n injections at most 1-(1-Confidence)^(1/n) of all are costlier than
// the worst of them, and none costs more than the whole judged window (see
// slo.MeanCostBound).
func costOf(s Scenario, injections []Measurement) FaultCost {
	c := FaultCost{Confidence: Confidence}
	var sum time.Duration
	costs := make([]time.Duration, 0, len(injections))
	for _, m := range injections {
		cost := downtimeWorth(m)
		costs, sum = append(costs, cost), sum+cost
		resolution := m.OutageDowntime.Resolution
		c.Resolution = max(c.Resolution, resolution)
		c.Worst = max(c.Worst, cost+time.Duration(max(1, len(m.Outages)))*resolution)
		c.Window = max(c.Window, m.Judged.Length())
		if stillFailing(m, m.Judged.From+taken(s)) || stillFailing(m, m.Judged.To) {
			c.Unended++
		}
	}
	if len(costs) == 0 {
		c.Worst, c.Upper = slo.Never, slo.Never
		return c
	}
	c.Median, c.Mean = slo.MedianOf(slo.Observed(costs...), Confidence).Estimate, sum/time.Duration(len(costs))
	c.Upper = slo.MeanCostBound(c.Worst, c.Window, slo.UpperBound(0, len(costs), Confidence))
	if c.Unended > 0 {
		c.Upper = slo.Never
	}
	return c
}

// downtimeWorth is the downtime that an injection was worth: the time within
// outages, or the share of bad requests of the whole window if that is more.
func downtimeWorth(m Measurement) time.Duration {
	share := time.Duration(m.FailedFraction * float64(m.Judged.Length()))
	return max(m.OutageDowntime.Total, share)
}

// taken is when the last fault of a scenario is taken away, counted from the
// start of Disruption.
func taken(s Scenario) time.Duration {
	var last time.Duration
	for _, f := range s.Faults {
		end := f.At + f.Duration
		if f.Duration == 0 {
			end = s.Stages.Disruption
		}
		last = max(last, end)
	}
	return last
}

// stillFailing reports whether, in the second before at, requests failed so
// often that a slice of them would count as down. A stray failure is none.
func stillFailing(m Measurement, at time.Duration) bool {
	last := Window{at - EpisodeGap, at}
	bad := 0
	for _, o := range m.Outages {
		if overlaps(o.Window, last) {
			bad += o.Bad
		}
	}
	perSecond := float64(m.Scheduled) / m.Judged.Length().Seconds()
	return bad >= 2 && float64(bad) > (1-sliceTarget)*perSecond*EpisodeGap.Seconds()
}

// worse is the worst of two costs, each figure for itself.
func (c FaultCost) worse(d FaultCost) FaultCost {
	return FaultCost{
		Median: max(c.Median, d.Median), Mean: max(c.Mean, d.Mean), Worst: max(c.Worst, d.Worst),
		Resolution: max(c.Resolution, d.Resolution), Window: max(c.Window, d.Window), Upper: max(c.Upper, d.Upper),
		Confidence: Confidence, Unended: c.Unended + d.Unended,
	}
}

// classes are the risk classes of scenarios with a fault, in order and once.
func classes(scenarios []Scenario) []string {
	var all []string
	for _, s := range scenarios {
		if s.RiskClass != "" && len(s.Faults) > 0 && !slices.Contains(all, s.RiskClass) {
			all = append(all, s.RiskClass)
		}
	}
	return all
}
