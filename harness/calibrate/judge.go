package calibrate

import (
	"fmt"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
)

// findings are the reasons why a result does not pass.
type findings struct {
	// machine says where the generator did not keep its schedule, measurement
	// where it did and what was measured is wrong all the same.
	machine, measurement []string
}

// say adds a reason: about the machine when it held requests or the target up
// for longer than the measurement could tell apart, by lag.
func (f *findings) say(lag time.Duration, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if lag > maxLagP99 {
		f.machine = append(f.machine, fmt.Sprintf("%s; the machine was %s late there", text, lag.Round(time.Millisecond)))
		return
	}
	f.measurement = append(f.measurement, text)
}

// judge decides the outcome. What a generator out of schedule measures is not
// held against the measurement.
func (r *Result) judge() {
	var f findings
	for _, rate := range r.Rates {
		rate.sending(&f)
		rate.presence(&f)
		rate.errors(&f)
		rate.recovery(&f)
	}
	r.Problems = slices.Concat(f.machine, f.measurement)
	switch {
	case len(f.machine) > 0 || len(r.Rates) == 0:
		r.Outcome = harness.Invalid
	case len(f.measurement) > 0:
		r.Outcome = harness.Fail
	default:
		r.Outcome = harness.Pass
	}
}

// sending looks at the generator in every trial.
func (r RateResult) sending(f *findings) {
	check := func(trial string, s Sending) {
		say := func(format string, args ...any) {
			f.machine = append(f.machine, fmt.Sprintf("%g/s, %s: ", r.Rate, trial)+fmt.Sprintf(format, args...))
		}
		switch {
		case s.Scheduled == 0:
			say("no request was scheduled")
		case float64(s.NotSent) > maxNotSent*float64(s.Scheduled):
			say("%d of %d requests were not sent; want at most %g %%", s.NotSent, s.Scheduled, 100*maxNotSent)
		case s.Lag.P99 > maxLagP99:
			say("1 %% of the requests were sent more than %s late; want at most %s", s.Lag.P99.Round(time.Microsecond), maxLagP99)
		}
	}
	check("script", r.Script.Sending)
	check("clean traffic", r.Clean.Sending)
	for _, recovery := range r.Recoveries {
		check("recovery from "+string(recovery.Mode), recovery.Sending)
	}
}

// presence looks for what was missed and what was invented.
func (r RateResult) presence(f *findings) {
	for _, o := range r.Outages {
		if !o.found() && r.Bounds.mustFind(o.Truth.Length()) {
			f.say(o.Lag, "%g/s: %s of %s was missed", r.Rate, o.Mode, o.Truth.Length().Round(time.Microsecond))
		}
	}
	for _, m := range r.Script.Invented {
		f.say(m.Lag, "%g/s: an outage of %s was invented between the scripted ones (%s)", r.Rate, m.Length(), m.Example)
	}
	for _, m := range r.Clean.Invented {
		f.say(m.Lag, "%g/s: an outage of %s was invented in clean traffic (%s)", r.Rate, m.Length(), m.Example)
	}
}

// errors holds the errors of all outages to the bounds. Where they hold without
// the outages in which the machine was late, it is its doing.
func (r RateResult) errors(f *findings) {
	var punctual []Outage
	worst := time.Duration(0)
	for _, o := range r.Outages {
		worst = max(worst, o.Lag)
		if o.Lag <= maxLagP99 {
			punctual = append(punctual, o)
		}
	}
	all, rest := rowOf("", r.Outages, nil, r.Bounds.Gap), rowOf("", punctual, nil, r.Bounds.Gap)
	for _, s := range []struct {
		what      string
		all, rest Spread
	}{
		{"downtime", all.Down, rest.Down}, {"begin", all.Begin, rest.Begin},
		{"end", all.End, rest.End}, {"count of failed requests", all.Count, rest.Count},
	} {
		if r.Bounds.hold(s.all) {
			continue
		}
		lag := time.Duration(0)
		if r.Bounds.hold(s.rest) {
			lag = worst
		}
		f.say(lag, "%g/s: %s is off by %s in the median and %s at p99; want at most %s and %s",
			r.Rate, s.what, s.all.Median, s.all.P99, r.Bounds.Median, r.Bounds.P99)
	}
}

// recovery looks for stamps whose interval does not hold the truth.
func (r RateResult) recovery(f *findings) {
	for _, recovery := range r.Recoveries {
		for _, s := range recovery.Stamps {
			if !s.within(r.Bounds.P99) {
				f.say(recovery.Lag.Max, "%g/s: recovery from %s: %s was at %s, measured as %s in [%s, %s]",
					r.Rate, recovery.Mode, s.Name, s.Truth, s.Measured.State, s.Measured.Lo, s.Measured.Hi)
			}
		}
	}
}
