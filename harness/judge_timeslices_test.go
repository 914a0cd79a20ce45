package harness

import (
	"strings"
	"testing"
	"time"
)

// steadyEvidence is a Baseline of whole seconds at 100/s after no warm-up; bad
// says how many of the 10 requests of a tick fail.
func steadyEvidence(length time.Duration, bad func(at time.Duration) int) Evidence {
	var ev Evidence
	ev.Plan.Scenario.Stages.Baseline = length
	ev.Stages = []StageRecord{{Stage: Baseline, Window: Window{0, length}}}
	for at := time.Duration(0); at < length; at += time.Second {
		s := Second{At: at}
		for i := range s.Ticks {
			s.Ticks[i] = Tick{Scheduled: 10, Bad: bad(at + time.Duration(i)*TickWidth)}
		}
		ev.Seconds = append(ev.Seconds, s)
	}
	return ev
}

func TestSteadySlices(t *testing.T) {
	slicesOf := func(target float64) Scenario {
		return Scenario{SLO: SLO{Availability: 0.9, Timeslices: &Timeslices{Target: target, Window: 10 * time.Second}}}
	}
	none := func(time.Duration) int { return 0 }
	everyFifth := func(at time.Duration) int { // of 10 s slices: down for 1 s, 10 % bad
		if at%(50*time.Second) < time.Second {
			return 10
		}
		return 0
	}
	for _, tt := range []struct {
		name     string
		s        Scenario
		length   time.Duration
		bad      func(time.Duration) int
		outcome  Outcome
		measured string
		reason   string
	}{
		{"few clean slices prove nothing", slicesOf(.95), 300 * time.Second, none, Inconclusive, "0 of 30 slices bad", "too few"},
		{"enough clean slices do", slicesOf(.95), 340 * time.Second, none, Pass, "0 of 34 slices bad", "no more than"},
		{"a slice with more bad requests than allowed is bad", slicesOf(.95), 500 * time.Second, everyFifth, Inconclusive, "10 of 50 slices bad", "less than 95 % good"},
		{"many bad slices refute", slicesOf(.95), 3000 * time.Second, everyFifth, Fail, "60 of 300 slices bad", "more than the 10 %"},
		{"a slice exactly at its target is good", slicesOf(.9), 340 * time.Second, everyFifth, Pass, "0 of 34 slices bad", ""},
		{"what is shorter than a slice is none and is said", slicesOf(.95), 345 * time.Second, none, Pass, "0 of 34 slices bad", "5 s at the end"},
		{"nothing at all is no pass", slicesOf(.95), 9 * time.Second, none, Inconclusive, "0 of 0 slices bad", "too few"},
		{"a slice without requests takes no side", slicesOf(.95), 340 * time.Second, nil, Inconclusive, "0 of 0 slices bad", "too few"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := tt.bad
			if bad == nil {
				bad = none
			}
			ev := steadyEvidence(tt.length, bad)
			if tt.bad == nil {
				for i := range ev.Seconds {
					ev.Seconds[i].Ticks = [TicksPerSecond]Tick{}
				}
			}
			f, ok := steadySlices(tt.s, []judged{{number: 1, ev: ev}})
			if !ok {
				t.Fatal("no finding")
			}
			if f.Outcome != tt.outcome || f.Measured != tt.measured || !strings.Contains(f.Reason, tt.reason) {
				t.Errorf("%s, %q: %s\nwant %s, %q, with %q", f.Outcome, f.Measured, f.Reason, tt.outcome, tt.measured, tt.reason)
			}
			if (f.Outcome == Inconclusive) != (f.Needs != "") {
				t.Errorf("outcome %s with needs %q", f.Outcome, f.Needs)
			}
		})
	}
}

func TestSlicesReplaceRequests(t *testing.T) {
	s := Scenario{SLO: SLO{Availability: 0.9, Timeslices: &Timeslices{Target: .95, Window: time.Second}}}
	ev := steadyEvidence(60*time.Second, func(time.Duration) int { return 0 })
	findings := overall(s, []Evidence{ev}, []judged{{number: 1, ev: ev}})
	if len(findings) != 1 || findings[0].Check != "steady-state" || findings[0].Measured != "0 of 60 slices bad" {
		t.Errorf("findings %+v, want one about 60 slices", findings)
	}
}

func TestTimeslicesAreValidated(t *testing.T) {
	for _, tt := range []struct {
		name  string
		t     Timeslices
		field string
	}{
		{"no target", Timeslices{Window: time.Minute}, "slo.timeslices.target"},
		{"a target above 1", Timeslices{Target: 1.1, Window: time.Minute}, "slo.timeslices.target"},
		{"no window", Timeslices{Target: 1}, "slo.timeslices.window"},
		{"a window between ticks", Timeslices{Target: 1, Window: 150 * time.Millisecond}, "slo.timeslices.window"},
		{"a window beyond any stage", Timeslices{Target: 1, Window: 25 * time.Hour}, "slo.timeslices.window"},
		{"a minute at 95 %", Timeslices{Target: .95, Window: time.Minute}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := &validation{}
			SLO{Availability: .9, Timeslices: &tt.t}.validate(v)
			if tt.field == "" && len(v.problems) > 0 || tt.field != "" && (len(v.problems) != 1 || !strings.HasPrefix(v.problems[0].Error(), tt.field)) {
				t.Errorf("problems %v, want %q", v.problems, tt.field)
			}
		})
	}
}
