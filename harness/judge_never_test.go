package harness

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// This file is the list of what must never be a PASS, one test each.

// reread writes trials into an evidence file and reads that.
func reread(t *testing.T, trials []Evidence) []Evidence {
	t.Helper()
	var file bytes.Buffer
	for _, ev := range trials {
		if ev.Schema == 0 { // no run writes such a header, and no reader takes it
			ev.Schema = EvidenceSchema
		}
		if err := WriteEvidence(&file, ev); err != nil {
			t.Fatal(err)
		}
	}
	saved, err := ReadEvidence(&file)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

// neverPass judges trials of s, and those trials read back from their file,
// which has to come to the same.
func neverPass(t *testing.T, s Scenario, trials []Evidence, b *BaselineRun) Verdict {
	t.Helper()
	v := Judge(s, trials, b)
	if v.Outcome == Pass {
		t.Errorf("passed: %s", v.Sentence)
	}
	if writable(trials) {
		if diff := cmp.Diff(v, Judge(s, reread(t, trials), b)); diff != "" {
			t.Errorf("read back from its file the evidence comes to something else (-memory +file):\n%s", diff)
		}
	}
	if run := JudgeRun([]Verdict{v}); run.Outcome == Pass {
		t.Error("the run passed")
	}
	if _, err := json.Marshal(v); err != nil {
		t.Errorf("the verdict cannot be written: %v", err)
	}
	return v
}

// writable reports whether trials can be written: JSON has no NaN, so a run
// whose scenario holds one leaves no evidence.
func writable(trials []Evidence) bool {
	return !slices.ContainsFunc(trials, func(ev Evidence) bool {
		_, err := json.Marshal(ev.Plan)
		return err != nil
	})
}

func TestNeverPassesADeadLoad(t *testing.T) {
	for _, s := range []Scenario{killing(allLimits()), resting(.9999, seconds(200))} {
		v := neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) {
			for i := range ev.Seconds {
				ev.Seconds[i].Ticks = [TicksPerSecond]Tick{}
			}
		})}, nil)
		if v.Outcome != Invalid {
			t.Errorf("got %v, want invalid", v.Outcome)
		}
	}
}

func TestNeverPassesALoadThatDiedHalfway(t *testing.T) {
	s := resting(.9999, seconds(300))
	neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) {
		for i := len(ev.Seconds) / 2; i < len(ev.Seconds); i++ {
			ev.Seconds[i].Ticks = [TicksPerSecond]Tick{}
		}
	})}, nil)
}

func TestNeverPassesAFaultWithoutEffect(t *testing.T) {
	s := killing(allLimits())
	v := neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) { ev.Injections[0].Effective, ev.Injections[0].EffectiveAt = false, 0 })}, nil)
	if v.Outcome != Invalid {
		t.Errorf("got %v, want invalid", v.Outcome)
	}
}

func TestNeverPassesAFaultThatWasNotInjected(t *testing.T) {
	s := killing(allLimits())
	neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) { ev.Injections = nil })}, nil)
}

func TestNeverPassesAFaultThatRemains(t *testing.T) {
	s := killing(allLimits())
	neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) { ev.Injections[0].Removed = false })}, nil)
}

func TestNeverPassesWithoutTheBaselineThatWasAskedFor(t *testing.T) {
	s := killing(allLimits())
	v := neverPass(t, s, []Evidence{trialOf(s)}, &BaselineRun{Ref: "main"})
	if f := find(v, "regression"); v.Outcome != Inconclusive || f.Code != NoBaseline {
		t.Errorf("got %v %s, want inconclusive %s", v.Outcome, f.Code, NoBaseline)
	}
}

func TestNeverPassesEmptyEvidence(t *testing.T) {
	s := killing(allLimits())
	empty := Evidence{Header: Header{Plan: Plan{Scenario: s, Trial: 1}}}
	ended := empty
	ended.End = End{Reason: Completed}
	for _, trials := range [][]Evidence{nil, {}, {{}}, {empty}, {ended}, {trialOf(s), empty}} {
		neverPass(t, s, trials, nil)
	}
	neverPass(t, Scenario{}, []Evidence{{}}, nil)
	if v := JudgeRun(nil); v.Outcome == Pass {
		t.Error("a run without a scenario passed")
	}
}

func TestNeverPassesNaN(t *testing.T) {
	nan := math.NaN()
	for _, change := range []func(*Scenario){
		func(s *Scenario) { s.SLO.Availability = nan },
		func(s *Scenario) { s.SLO.Burst = nan },
		func(s *Scenario) { s.SLO.Burst = math.Inf(1) },
		func(s *Scenario) { s.Load.Rate = nan },
		func(s *Scenario) { s.SLO.Timeslices = &Timeslices{Target: nan, Window: time.Second} },
	} {
		s := resting(.9999, seconds(200))
		whole := trialOf(s)
		change(&s)
		whole.Plan.Scenario = s
		neverPass(t, s, []Evidence{whole}, nil)
	}
	s := killing(Limits{FailedFraction: &nan})
	neverPass(t, s, []Evidence{trialOf(s)}, nil)
}

func TestNeverPassesAKilledRun(t *testing.T) {
	for _, s := range []Scenario{killing(allLimits()), resting(.9999, seconds(200))} {
		for _, end := range []End{{}, {Reason: Interrupted, At: seconds(200)}, {Reason: Aborted, At: seconds(200)}, {Reason: "lost"}} {
			neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) { ev.End = end })}, nil)
		}
	}
}

func TestNeverPassesOneKilledTrialAmongGoodOnes(t *testing.T) {
	s := killing(allLimits())
	trials := injected(s, 40, 0, under(Terms{Tier: "pr"}))
	trials[7].End = End{}
	neverPass(t, s, trials, nil)
}

func TestNeverPassesSlicesWithoutEvents(t *testing.T) {
	s := resting(.9, seconds(300))
	s.SLO.Timeslices = &Timeslices{Target: .99, Window: time.Second}
	neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) {
		for i := range ev.Seconds {
			ev.Seconds[i].Ticks = [TicksPerSecond]Tick{}
		}
	})}, nil)
}

func TestNeverPassesAQueryThatFailed(t *testing.T) {
	s := killing(allLimits())
	v := neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) {
		ev.Problems = []Problem{{Code: TelemetryGap, At: seconds(12), Detail: "observer prometheus: query failed: 503"}}
	})}, nil)
	if v.Outcome != Invalid {
		t.Errorf("got %v, want invalid", v.Outcome)
	}
}

func TestNeverPassesAHoleInTheRecord(t *testing.T) {
	s := killing(allLimits())
	neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) { ev.Seconds = append(ev.Seconds[:20:20], ev.Seconds[22:]...) })}, nil)
}

func TestNeverPassesADetectionThatNobodySaw(t *testing.T) {
	s := killing(allLimits())
	neverPass(t, s, []Evidence{trialOf(s, silenced(Ejected, LeaseExpired, AlertFiring, Died, Started, Ready))}, nil)
}
