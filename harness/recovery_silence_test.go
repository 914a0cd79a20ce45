package harness

import (
	"strings"
	"testing"
	"time"
)

// watchedBy says who watches the catalogs of the usual trial.
func watchedBy(sources ...string) change {
	return func(ev *Evidence) {
		ev.Stack.Observers = []Sight{}
		for _, s := range sources {
			ev.Stack.Observers = append(ev.Stack.Observers, Sight{Source: s, Components: []string{"catalog"}, Pages: s == "prometheus"})
		}
	}
}

// silentFrom is a source that gives no answer in a time of the trial.
func silentFrom(source string, from, to float64) change {
	return func(ev *Evidence) {
		ev.Signals = append(ev.Signals, signalAt(to, to-from, source, "", Silent))
	}
}

func TestAnObserverThatGaveNoAnswerIsNotSilence(t *testing.T) {
	s := killing(allLimits())
	nobody := silenced(Ejected, LeaseExpired, AlertFiring)
	watched := watchedBy("gateway-1", "prometheus")
	for _, c := range []struct {
		rule    string
		changes []change
		check   string
		want    Outcome
		code    Code
	}{
		{"nobody reported and all answered: undetected", []change{watched, nobody}, "detection", Fail, NotRecovered},
		{"one of them gave no answer all the time", []change{watched, nobody, silentFrom("prometheus", 9, 31)}, "detection", Invalid, TelemetryGap},
		{"for ten seconds", []change{watched, nobody, silentFrom("prometheus", 12, 22)}, "detection", Invalid, TelemetryGap},
		{"for less", []change{watched, nobody, silentFrom("prometheus", 12, 21.9)}, "detection", Fail, NotRecovered},
		{"before the fault", []change{watched, nobody, silentFrom("prometheus", 0, 10)}, "detection", Fail, NotRecovered},
		{"after its removal", []change{watched, nobody, silentFrom("prometheus", 30, 44)}, "detection", Fail, NotRecovered},
		{"one that watches something else", []change{watched, nobody, silentFrom("edge", 9, 31)}, "detection", Fail, NotRecovered},
		{"another one reported in time", []change{watched, silentFrom("prometheus", 9, 31)}, "detection", Pass, ""},
		{"another one reported too late", []change{watched, silenced(Ejected, LeaseExpired), silentFrom("gateway-1", 9, 31)}, "detection", Invalid, TelemetryGap},
		{"it went silent after it had reported too late", []change{watched, silenced(Ejected, LeaseExpired), silentFrom("gateway-1", 18, 31)}, "detection", Fail, LimitExceeded},
		{"a target of the fault, and the rest noticed nothing", []change{
			watchedBy("catalog-2", "prometheus"), nobody, silentFrom("catalog-2", 9, 31),
		}, "detection", Fail, NotRecovered},
		{"only a target of the fault could have said it", []change{
			watchedBy("catalog-2"), nobody, silentFrom("catalog-2", 9, 31),
		}, "detection", Inconclusive, Unobserved},
		{"the repair is not known either", []change{watched, nobody, silentFrom("gateway-1", 9, 31)}, "recovery", Invalid, TelemetryGap},
		{"users who were not served are seen by the load", []change{watched, failing(10, 29, 1), silentFrom("gateway-1", 9, 31)}, "recovery", Fail, LimitExceeded},
		{"nor do failures need an observer", []change{watched, failing(10, 29, 1), silentFrom("gateway-1", 9, 31)}, "failed", Fail, LimitExceeded},
	} {
		t.Run(c.rule, func(t *testing.T) {
			trials := reread(t, []Evidence{trialOf(s, c.changes...)})
			v := Judge(s, trials, nil)
			f := find(v, c.check)
			if f.Outcome != c.want || f.Code != c.code {
				t.Errorf("got %v %s, want %v %s: %s", f.Outcome, f.Code, c.want, c.code, f.Reason)
			}
			if f.Code == TelemetryGap && (!strings.Contains(f.Reason, "gave no answer") || f.Needs == "") {
				t.Errorf("reason %q, needs %q", f.Reason, f.Needs)
			}
		})
	}
}

func TestWhatAnObserverDidNotAnswerIsNotComparedAsUndetected(t *testing.T) {
	ev := trialOf(killing(allLimits()), watchedBy("gateway-1", "prometheus"), silenced(Ejected, LeaseExpired, AlertFiring), silentFrom("prometheus", 9, 31))
	r := Measure(ev).Recovery
	if r.Detected.State != NotSeen || len(r.Gaps) != 1 || r.Gaps[0].Length() < 19*time.Second {
		t.Errorf("detected %+v, gaps %+v; want unobserved and one gap of the time in effect", r.Detected, r.Gaps)
	}
	if p := r.Detection(); p.State != NotSeen {
		t.Errorf("detection is %s, want unobserved", p.State)
	}
}
