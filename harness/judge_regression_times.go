package harness

import (
	"fmt"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// regressionRelative is the share of the baseline's median by which nobody
// minds that a candidate takes longer.
const regressionRelative = 0.2

// timed is one time of a trial that is compared with a baseline.
type timed struct {
	check, name string
	// floor is the change that nobody minds however short the time is.
	floor time.Duration
	// of is the time in one trial and how exactly it is known; ok is false when
	// nobody observed it.
	of func(Measurement) (o slo.Observation, resolution time.Duration, ok bool)
}

func timedChecks() []timed {
	return []timed{
		{"regression-detection", "detection", 500 * time.Millisecond, func(m Measurement) (slo.Observation, time.Duration, bool) {
			for _, p := range m.Recovery.Phases {
				if p.Name == DetectionPhase {
					return phaseTime(m, p)
				}
			}
			return slo.Observation{}, 0, false
		}},
		{"regression-recovery", "recovery", 500 * time.Millisecond, func(m Measurement) (slo.Observation, time.Duration, bool) {
			return phaseTime(m, m.Recovery.Total)
		}},
		{"regression-downtime", "downtime", 100 * time.Millisecond, func(m Measurement) (slo.Observation, time.Duration, bool) {
			return slo.Observation{After: m.OutageDowntime.Total}, m.OutageDowntime.Resolution, true
		}},
	}
}

func phaseTime(m Measurement, p Phase) (slo.Observation, time.Duration, bool) {
	seen := m.Recovery.Applies && (p.State == Seen || p.State == Censored)
	return slo.Observation{After: max(0, p.Length), Censored: p.State == Censored}, p.Resolution, seen
}

// timesRegressions compare how long things took. What nobody observed on
// either side is not compared.
func timesRegressions(ref string, sound, earlier []judged) []Finding {
	var findings []Finding
	for _, c := range timedChecks() {
		now, exactly := c.observations(sound)
		then, before := c.observations(earlier)
		if len(now)+len(then) == 0 {
			continue
		}
		c.floor = max(c.floor, exactly, before)
		findings = append(findings, c.compare(ref, now, then))
	}
	return findings
}

// observations are the times of trials, and the coarsest resolution.
func (c timed) observations(trials []judged) (all []slo.Observation, coarsest time.Duration) {
	for _, t := range trials {
		if o, resolution, ok := c.of(t.m); ok {
			all, coarsest = append(all, o), max(coarsest, resolution)
		}
	}
	return all, coarsest
}

// compare judges the Hodges-Lehmann shift and its interval against the margin:
// Fail when even its low end is beyond, Pass when its high end is not. The
// exact Mann-Whitney test stands beside it.
func (c timed) compare(ref string, now, then []slo.Observation) Finding {
	f := Finding{Check: c.check, Subject: ref, Confidence: Confidence}
	if len(now) == 0 || len(then) == 0 {
		f.Code = Unobserved
		f.Reason = sentence(c.name + " was observed on one side only, the candidate or the baseline")
		f.Needs = "an observer of it in both"
		return f
	}
	margin := slo.Margin(c.floor, regressionRelative, then)
	shift := slo.HodgesLehmann(now, then, Confidence)
	rank := slo.MannWhitney(now, then)
	f.Measured, f.Limit = longerBy(shift.Estimate), "≤ "+longerBy(margin)
	f.MeasuredValue, f.LimitValue = seconds64(shift.Estimate), seconds64(margin)
	f.Resolution = fmt.Sprintf("%s to %s", longerBy(shift.Lo), longerBy(shift.Hi))
	said := fmt.Sprintf("%s took %s longer than in the baseline (%s at %s confidence, Mann–Whitney p = %.3g, %d trials against %d)",
		c.name, f.Measured, f.Resolution, exactPercent(Confidence), significant(rank.Longer), len(now), len(then))
	switch shift.Beyond(margin) {
	case slo.Worse:
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = sentence(said + ", more than the " + longerBy(margin) + " that nobody minds")
	case slo.Better, slo.NoWorse:
		f.Outcome = Pass
		f.Reason = sentence(said + ", within the " + longerBy(margin) + " that nobody minds")
	default:
		f.Code = TooFewTrials
		f.Reason = sentence(said + ": it cannot be told whether that is within the " + longerBy(margin) + " that nobody minds")
		f.Needs = "more trials of the candidate or the baseline"
		if least := min(len(now), len(then)); least < leastTrials {
			f.Needs = fmt.Sprintf("at least %d trials of both the candidate and the baseline", leastTrials)
		}
	}
	return f
}

// leastTrials on both sides have a shift with ends: of the 70 orders of 4 and
// 4 one is 1.4 %.
const leastTrials = 4

// longerBy writes a difference: "-1.2 s", "without end".
func longerBy(d time.Duration) string {
	switch {
	case d == slo.Never:
		return "without end"
	case d == -slo.Never:
		return "without start"
	case d < 0:
		return "-" + formatDuration(-d)
	}
	return formatDuration(d)
}

// seconds64 is d in seconds; nil when it has no end.
func seconds64(d time.Duration) *float64 {
	if d == slo.Never || d == -slo.Never {
		return nil
	}
	return number(d.Seconds())
}
