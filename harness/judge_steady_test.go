package harness

import (
	"strings"
	"testing"
)

func TestSteadyStateIsHeldToTheExactBound(t *testing.T) {
	const n = 30_000 // 100 s at 300/s
	for _, c := range []struct {
		name    string
		changes []change
		want    Outcome
		code    Code
		needs   string
	}{
		{"29,956 clean requests prove 99.99 %", []change{fewer(5, n-29_956)}, Pass, "", ""},
		{"29,955 clean requests do not", []change{fewer(5, n-29_955)}, Inconclusive, TooFewRequests, "1 request more without a failure, about 3.3 ms at 300/s"},
		{"one failure needs 47,437", []change{failed(50, 1)}, Inconclusive, TooFewRequests, "17,437 requests more without a failure, about 58.1 s at 300/s"},
		{"six failures leave it open", []change{failed(50, 6)}, Inconclusive, TooFewRequests, "88,422 requests more without a failure, about 4 min 55 s at 300/s"},
		{"seven failures refute it", []change{failed(50, 7)}, Fail, ErrorRatioHigh, ""},
		{"failures of the warm-up do not count", []change{failed(2, 25)}, Pass, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := resting(.9999, seconds(100))
			v := Judge(s, []Evidence{trialOf(s, c.changes...)}, nil)
			f := find(v, "steady-state")
			if v.Outcome != c.want || f.Code != c.code || f.Advisory {
				t.Errorf("got %v %s, want %v %s: %s", v.Outcome, f.Code, c.want, c.code, f.Reason)
			}
			if f.Needs != c.needs {
				t.Errorf("needs: got %q, want %q", f.Needs, c.needs)
			}
		})
	}
}

func TestRequestsOfTheWarmUpProveNothing(t *testing.T) {
	s := resting(.9999, seconds(99)) // 29,700; with the warm-up 31,200
	v := Judge(s, []Evidence{trialOf(s)}, nil)
	if f := find(v, "steady-state"); f.Outcome != Inconclusive || !strings.Contains(f.Measured, "29,700") {
		t.Errorf("got %v %s, want inconclusive of 29,700 requests", f.Outcome, f.Measured)
	}
}

func TestTrialsOfSteadyStateAreCountedTogether(t *testing.T) {
	s := resting(.9999, seconds(50))
	one, two := trialOf(s), trialOf(s)
	two.Plan.Trial = 2
	if v := Judge(s, []Evidence{one}, nil); v.Outcome != Inconclusive {
		t.Errorf("15,000 requests: got %v, want inconclusive", v.Outcome)
	}
	if v := Judge(s, []Evidence{one, two}, nil); v.Outcome != Pass {
		t.Errorf("30,000 requests: got %v, want pass", v.Outcome)
	}
}

func TestSteadyStateOfAScenarioWithFaultsIsAdvisory(t *testing.T) {
	s := killing(allLimits())
	v := Judge(s, []Evidence{trialOf(s, failing(6, 9, 3))}, nil)
	if f := find(v, "steady-state"); f.Outcome != Fail || !f.Advisory {
		t.Errorf("got %v, advisory %v; want fail, true", f.Outcome, f.Advisory)
	}
	if v.Outcome != Pass {
		t.Errorf("verdict: got %v, want pass", v.Outcome)
	}
}
