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

// times compare how long things took. What nobody observed on either side is
// not compared.
func (c comparison) times() []Finding {
	var findings []Finding
	for _, check := range timedChecks() {
		now, then := check.observations(c.sound), c.baseline.Times[check.check]
		if len(now.Observations)+len(then.Observations) == 0 {
			continue
		}
		check.floor = max(check.floor, now.Resolution, then.Resolution)
		findings = append(findings, c.compare(check, now.Observations, then.Observations))
	}
	return findings
}

// observations are the times of trials, and the coarsest resolution.
func (t timed) observations(trials []judged) BaselineTimes {
	var all BaselineTimes
	for _, one := range trials {
		if o, resolution, ok := t.of(one.m); ok {
			all.Observations, all.Resolution = append(all.Observations, o), max(all.Resolution, resolution)
		}
	}
	return all
}

// compare judges the Hodges-Lehmann shift and its interval against the margin:
// Fail when even the low end of the interval at 1-Confidence divided by the
// declared checks is beyond, Suspect when only that at Confidence is, Pass when
// its high end is not. The exact Mann-Whitney test stands beside it.
func (c comparison) compare(t timed, now, then []slo.Observation) Finding {
	f := Finding{Check: t.check, Subject: c.baseline.Ref, Confidence: Confidence}
	if len(now) == 0 || len(then) == 0 {
		f.Code = Unobserved
		f.Reason = sentence(t.name + " was observed on one side only, the candidate or the baseline")
		f.Needs = "an observer of it in both"
		return f
	}
	margin := slo.Margin(t.floor, regressionRelative, then)
	shift := slo.HodgesLehmann(now, then, Confidence)
	beyond, within := slo.ShiftP(now, then, margin)
	rank := slo.MannWhitney(now, then)
	f.Measured, f.Limit = longerBy(shift.Estimate), "≤ "+longerBy(margin)
	f.MeasuredValue, f.LimitValue = seconds64(shift.Estimate), seconds64(margin)
	f.Resolution = fmt.Sprintf("%s to %s", longerBy(shift.Lo), longerBy(shift.Hi))
	f.Statistic = c.statistic(0, within, beyond)
	said := fmt.Sprintf("%s took %s longer than in the baseline (%s at %s confidence, Mann–Whitney p = %.3g, %d trials against %d)",
		t.name, f.Measured, f.Resolution, exactPercent(Confidence), significant(rank.Longer), len(now), len(then))
	switch change := shift.Beyond(margin); {
	case change == slo.Worse && beyond <= c.refutedAt():
		f.Outcome, f.Code = Fail, LimitExceeded
		f.Reason = sentence(said + ", more than the " + longerBy(margin) + " that nobody minds")
	case change == slo.Worse:
		f.Code = Suspect
		f.Reason = sentence(said + ", beyond the " + longerBy(margin) + " that nobody minds" + c.among())
		f.Needs = c.needsTimes(shift, margin, len(now), len(then), c.refutedAt())
	case change == slo.Better || change == slo.NoWorse:
		f.Outcome = Pass
		f.Reason = sentence(said + ", within the " + longerBy(margin) + " that nobody minds")
	default:
		f.Code = TooFewTrials
		f.Reason = sentence(said + ": it cannot be told whether that is within the " + longerBy(margin) + " that nobody minds")
		f.Needs = c.needsTimes(shift, margin, len(now), len(then), alpha)
	}
	return f
}

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
