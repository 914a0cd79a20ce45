package harness

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestNothingKnownIsInconclusive(t *testing.T) {
	s := killing(allLimits())
	if v := Judge(s, nil, nil); v.Outcome != Inconclusive || find(v, "trial").Code != NoEvidence {
		t.Errorf("no trials: got %v %v", v.Outcome, v.Findings)
	}
	bare := killing(Limits{})
	if v := Judge(bare, []Evidence{trialOf(bare)}, nil); v.Outcome != Inconclusive || find(v, "trial").Code != NoObjectives {
		t.Errorf("no limits: got %v %v", v.Outcome, v.Findings)
	}
	aimless := resting(0, seconds(100))
	if v := Judge(aimless, []Evidence{trialOf(aimless)}, nil); v.Outcome != Inconclusive || find(v, "trial").Code != NoObjectives {
		t.Errorf("no objective: got %v %v", v.Outcome, v.Findings)
	}
	if v := Judge(Scenario{}, []Evidence{{}}, nil); v.Outcome == Pass {
		t.Error("nothing at all passed")
	}
}

func TestViolationOutranksDoubt(t *testing.T) {
	limits := allLimits()
	limits.LostWrites = ptr(0) // unobserved
	s := killing(limits)
	broken := trialOf(s, func(ev *Evidence) { ev.End.Reason = Interrupted })
	bad := trialOf(s, failing(10, 12, 1), func(ev *Evidence) { ev.Plan.Trial = 2 })
	v := Judge(s, []Evidence{broken, bad}, nil)
	if v.Outcome != Fail {
		t.Errorf("fail beside invalid and inconclusive: got %v", v.Outcome)
	}
	if v := Judge(s, []Evidence{broken}, nil); v.Outcome != Invalid {
		t.Errorf("invalid alone: got %v", v.Outcome)
	}
}

func TestFaultThatBreaksNothingIsJudgedByItsCostAlone(t *testing.T) {
	limits := Limits{FailedFraction: ptr(.0001), Downtime: ptr(time.Duration(0))}
	s := killing(limits)
	s.Faults = []FaultSpec{{Action: NoopAction}}
	noop := func(ev *Evidence) {
		ev.Plan.Injections[0].Action, ev.Plan.Injections[0].Targets = NoopAction, nil
		ev.Injections[0].Action, ev.Injections[0].Targets = NoopAction, nil
	}
	v := Judge(s, []Evidence{trialOf(s, noop)}, nil)
	if v.Outcome != Pass || v.Trials[0].Recovery.Applies {
		t.Errorf("got %v, recovery applies %v; want pass, false", v.Outcome, v.Trials[0].Recovery.Applies)
	}
	s.Limits.Recovery = ptr(time.Second)
	v = Judge(s, []Evidence{trialOf(s, noop)}, nil)
	if f := find(v, "recovery"); f.Outcome != Inconclusive || f.Code != Unobserved {
		t.Errorf("recovery from nothing: got %v %s", f.Outcome, f.Code)
	}
}

func TestFindingsKeepTheirOrderAndReadAsSentences(t *testing.T) {
	limits := allLimits()
	limits.LostWrites = ptr(0)
	s := killing(limits)
	s.SLO.LatencyQuantiles = map[string]time.Duration{"p99": time.Second, "p50": time.Second}
	v := Judge(s, []Evidence{trialOf(s), trialOf(s, func(ev *Evidence) { ev.Plan.Trial = 2; ev.End.Reason = Interrupted })}, nil)
	var got []string
	for _, f := range v.Findings {
		got = append(got, fmt.Sprintf("%d %s", f.Trial, f.Check))
		if !strings.HasSuffix(f.Reason, ".") || strings.ToUpper(f.Reason[:1]) != f.Reason[:1] || strings.Contains(f.Reason, "%!") {
			t.Errorf("%s: not a sentence: %q", f.Check, f.Reason)
		}
	}
	want := []string{
		"1 failed", "1 downtime", "1 detection", "1 diagnosis", "1 repair", "1 recovery",
		"1 latency-p50", "1 latency-p99", "1 lostWrites", "2 trial", "0 steady-state", "0 availability", "0 injections",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestJudgeIsPure(t *testing.T) {
	s := killing(allLimits())
	trials := []Evidence{trialOf(s, failing(12, 13, 2), failed(14, 3))}
	before := mustJSON(t, trials)
	first := mustJSON(t, Judge(s, trials, nil))
	for range 20 {
		if again := mustJSON(t, Judge(s, trials, nil)); again != first {
			t.Fatalf("another verdict of the same evidence:\n%s\n%s", first, again)
		}
	}
	if mustJSON(t, trials) != before {
		t.Error("Judge changed the evidence")
	}
	var back []Evidence
	if err := json.Unmarshal([]byte(before), &back); err != nil {
		t.Fatal(err)
	}
	if again := mustJSON(t, Judge(s, back, nil)); again != first {
		t.Errorf("another verdict of the evidence read back:\n%s\n%s", first, again)
	}
}
