package harness

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestAStopRuleIsAskedOncePerSecondOfTheBaseline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := testPlan()
		plan.Scenario.Stages.Baseline = 5 * time.Second
		var at, left []time.Duration
		start := time.Now()
		rule := func(l Look) string {
			at, left = append(at, time.Since(start)), append(left, l.Left)
			for i, s := range l.Evidence.Seconds {
				if s.At != time.Duration(i)*time.Second || s.At >= time.Since(start) {
					t.Errorf("at %s second %d is at %s", time.Since(start), i, s.At)
				}
			}
			if len(at) == 4 {
				return "four looks are enough"
			}
			return ""
		}
		ev, err := Run(t.Context(), plan, Rig{Load: late{steadyLoad{rate: 100}}}, WithStop(rule))
		if err != nil {
			t.Fatal(err)
		}
		s := time.Second
		if want := []time.Duration{2 * s, 3 * s, 4 * s, 5 * s}; !slices.Equal(at, want) {
			t.Errorf("asked at %v; want %v", at, want)
		}
		if want := []time.Duration{4 * s, 3 * s, 2 * s, s}; !slices.Equal(left, want) {
			t.Errorf("left %v; want %v", left, want)
		}
		if ev.End.Reason != Completed || ev.End.Detail != "stopped after 4 s: four looks are enough" {
			t.Errorf("end %+v; want completed and why", ev.End)
		}
	})
}

func TestATrialWithAFaultDoesNotHeedAStopRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		asked := func(Look) string { t.Error("the rule was asked"); return "now" }
		rig := Rig{Load: late{steadyLoad{rate: 100}}, Faults: []Fault{&spyFault{name: "one", log: &log}}}
		ev, err := Run(t.Context(), testPlan("one"), rig, WithStop(asked))
		if err != nil || ev.End != (End{Reason: Completed, At: 11 * time.Second}) {
			t.Errorf("end %+v, error %v; want completed after 11 s", ev.End, err)
		}
	})
}

func TestAStopRuleSeesAnOutageThatGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last Look
		rule := func(l Look) string { last = l; return "" }
		down := func(at time.Duration) bool { return at >= 1500*time.Millisecond }
		plan := testPlan()
		if _, err := Run(t.Context(), plan, Rig{Load: late{steadyLoad{rate: 100, bad: down}}}, WithStop(rule)); err != nil {
			t.Fatal(err)
		}
		outages := last.Evidence.Outages
		if len(outages) != 1 || !outages[0].Open || outages[0].From != 1501*time.Millisecond || outages[0].Bad < 50 {
			t.Errorf("outages %+v; want one from 1.5 s that is open", outages)
		}
	})
}

func TestAPanicOfAStopRuleEndsTheTrialAsInvalid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sink strings.Builder
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
			read, err := ReadEvidence(strings.NewReader(sink.String()))
			if err != nil || len(read) != 1 || read[0].End.Reason != Aborted || !slices.Equal(codes(read[0]), []Code{HarnessError}) {
				t.Errorf("recorded %+v, %v; want an aborted trial with %s", read, err, HarnessError)
			}
		}()
		_, _ = Run(t.Context(), testPlan(), Rig{Load: late{steadyLoad{rate: 100}}}, WithSink(&sink), WithStop(func(Look) string { panic("rule broke") }))
	})
}
