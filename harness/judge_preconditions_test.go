package harness

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsNoEvidenceIsInvalid(t *testing.T) {
	limits := allLimits()
	for _, c := range []struct {
		name    string
		changes []change
		want    []Code
	}{
		{"nothing is wrong", nil, nil},
		{"the engine saw a problem", []change{func(ev *Evidence) {
			ev.Problems = []Problem{{Code: ClockJump, Detail: "the wall clock jumped by 3s"}, {Code: ClockJump, Detail: "again"}}
		}}, []Code{ClockJump}},
		{"the fault was never seen in effect", []change{func(ev *Evidence) { ev.Injections[0].Effective = false }}, []Code{FaultNotEffective}},
		{"the fault was never injected", []change{func(ev *Evidence) { ev.Injections = nil }}, []Code{FaultNotEffective}},
		{"the fault is not possible here", []change{func(ev *Evidence) {
			ev.Problems = []Problem{{Code: UnsupportedFault, Detail: "no such module"}}
			ev.Injections[0].Effective = false
			ev.Injections[0].InjectedAt = 0
		}}, []Code{UnsupportedFault}},
		{"the fault came so late that it hardly was in effect", []change{func(ev *Evidence) { ev.Injections[0].EffectiveAt = seconds(20.5) }}, []Code{FaultNotEffective}},
		{"the fault came a little late", []change{func(ev *Evidence) { ev.Injections[0].EffectiveAt = seconds(19.5) }}, nil},
		{"the fault was never seen removed", []change{func(ev *Evidence) { ev.Injections[0].Removed = false }}, []Code{FaultNotRemoved}},
		{"no traffic at all", []change{func(ev *Evidence) { ev.Seconds = nil }}, []Code{ZeroEvents}},
		{"the load died when the fault came", []change{fewer(10, 1<<20)}, []Code{ZeroEvents}},
		{"the load died in the middle", []change{fewer(40, 1<<20)}, []Code{LoadShortfall}},
		{"two percent of the judged requests are missing", []change{fewer(10, 210)}, []Code{LoadShortfall}},
		{"one percent of the judged requests, less of all", []change{fewer(10, 125)}, []Code{LoadShortfall}},
		{"the missing requests were not to be judged", []change{fewer(5, 300)}, []Code{LoadShortfall}},
		{"half a percent is missing", []change{fewer(10, 50)}, nil},
		{"two percent were not sent", []change{fewer(10, 280), func(ev *Evidence) {
			ev.Seconds[10].Classes = map[Class]int{NotSent: 280}
		}}, []Code{LoadShortfall}},
		{"the generator lags", []change{func(ev *Evidence) {
			for i := range ev.Seconds {
				ev.Seconds[i].Lag = histogramOf(60 * time.Millisecond)
			}
		}}, []Code{GeneratorSaturated}},
		{"a second is missing", []change{func(ev *Evidence) {
			ev.Seconds = append(ev.Seconds[:20:20], ev.Seconds[21:]...)
		}}, []Code{LoadShortfall, TelemetryGap}},
		{"the trial was interrupted", []change{func(ev *Evidence) { ev.End.Reason = Interrupted }}, []Code{InterruptedRun}},
		{"the harness was killed", []change{func(ev *Evidence) { ev.End = End{} }}, []Code{InterruptedRun}},
		{"the trial was aborted for no recorded reason", []change{func(ev *Evidence) { ev.End.Reason = Aborted }}, []Code{HarnessError}},
		{"the stack was not steady", []change{func(ev *Evidence) {
			ev.Stages, ev.Injections, ev.Signals = ev.Stages[:1], nil, nil
			ev.Seconds = ev.Seconds[:5]
			ev.End = End{Reason: Aborted, At: seconds(5)}
			ev.Problems = []Problem{{Code: SteadyStateNotMet, Detail: "GET edge: want 200, saw 503"}}
		}}, []Code{SteadyStateNotMet, ZeroEvents}},
		{"empty evidence", []change{func(ev *Evidence) { *ev = Evidence{Header: ev.Header} }},
			[]Code{InterruptedRun, FaultNotEffective, ZeroEvents}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := killing(limits)
			v := Judge(s, []Evidence{trialOf(s, c.changes...)}, nil)
			if diff := cmp.Diff(c.want, invalidCodes(v)); diff != "" {
				t.Errorf("invalid codes (-want +got):\n%s", diff)
			}
			if want := Invalid; c.want != nil && v.Outcome != want {
				t.Errorf("outcome: got %v, want %v", v.Outcome, want)
			}
			if c.want == nil && v.Outcome != Pass {
				t.Errorf("outcome: got %v, want pass: %s", v.Outcome, v.Sentence)
			}
		})
	}
}

func TestAnInvalidTrialIsHeldAgainstNobody(t *testing.T) {
	s := killing(allLimits())
	v := Judge(s, []Evidence{trialOf(s, failing(10, 20, 1), func(ev *Evidence) { ev.End.Reason = Interrupted })}, nil)
	if v.Outcome != Invalid || len(v.Findings) != 1 {
		t.Errorf("got %v with %d findings, want invalid with 1: a broken runner is not a broken stack", v.Outcome, len(v.Findings))
	}
	if len(v.Trials) != 1 || v.Trials[0].Bad == 0 {
		t.Error("its numbers must still be shown")
	}
}

func TestDeadLoadNeverPasses(t *testing.T) {
	for _, s := range []Scenario{killing(allLimits()), resting(.9999, seconds(100)), resting(.5, seconds(100))} {
		for from := 0.0; from < 40; from += 5 {
			if v := Judge(s, []Evidence{trialOf(s, fewer(from, 1<<30))}, nil); v.Outcome == Pass {
				t.Errorf("%s without load from %g s on passed: %s", s.Name, from, v.Sentence)
			}
		}
	}
}

func TestAShortBaselineIsNoShortfall(t *testing.T) {
	for _, length := range []time.Duration{time.Second, 2 * time.Second, 5 * time.Second} {
		// Stages begin some milliseconds off the tick in a real run.
		ev := trialOf(resting(.9999, length), func(ev *Evidence) {
			for i := range ev.Stages {
				ev.Stages[i].From += 30 * time.Millisecond
				ev.Stages[i].To += 30 * time.Millisecond
			}
		})
		if v := Judge(ev.Plan.Scenario, []Evidence{ev}, nil); v.Outcome != Inconclusive {
			t.Errorf("%s: %s; want inconclusive: sound, but too few requests", length, v.Sentence)
		}
	}
}
