package harness

import (
	"strings"
	"testing"
)

func TestSteadyStateIsDecidedWheneverOneLooks(t *testing.T) {
	const n = 34_200 // 114 s at 300/s
	for _, c := range []struct {
		rule    string
		changes []change
		want    Outcome
		code    Code
		needs   string
	}{
		{"34,049 clean requests prove 99.99 %", []change{fewer(60, n-34_049)}, Pass, "", ""},
		{"34,048 clean requests do not", []change{fewer(60, n-34_048)}, Inconclusive, TooFewRequests,
			"1 request more without a failure, about 3.3 ms at 300/s (a test of a length fixed before looking takes 29,956 in all)"},
		{"one failure needs 67,810", []change{failed(50, 1)}, Inconclusive, TooFewRequests,
			"33,610 requests more without a failure, about 112 s at 300/s (a test of a length fixed before looking takes 47,437 in all)"},
		{"twenty single failures refute it", every(5, 20, 5), Fail, ErrorRatioHigh, ""},
		{"twenty failures of one cause are one", []change{failed(50, 20)}, Inconclusive, TooFewRequests, "1,321,988 requests more without a failure, about 73 min 27 s at 300/s"},
		{"more failures than allowed point to a refutation", every(10, 8, 13), Inconclusive, TooFewRequests, "a longer run: about 2 min 23 s more like these would refute it"},
		{"outages in two seconds refute nothing", []change{failing(50, 51, 1), failing(70, 71, 1)}, Inconclusive, TooFewRequests, "a longer run: failures in 1 more second would refute it"},
		{"outages in three seconds do", []change{failing(50, 51, 1), failing(70, 71, 1), failing(90, 91, 1)}, Fail, ErrorRatioHigh, ""},
		{"failures of the warm-up do not count", []change{failed(2, 25)}, Pass, "", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := resting(.9999, seconds(114))
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

// every makes one request bad in each of n seconds, gap seconds apart.
func every(from float64, n int, gap float64) []change {
	var all []change
	for i := range n {
		all = append(all, failed(from+gap*float64(i), 1))
	}
	return all
}

func TestTotalFailureNeedsThreeSeconds(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    Outcome
		needs   string
		says    string
	}{
		{1, Inconclusive, "a longer run: failures in 2 more seconds would refute it", "in only 1 distinct second, and a refutation needs 3"},
		{2, Inconclusive, "a longer run: failures in 1 more second would refute it", "in only 2 distinct seconds, and a refutation needs 3"},
		{3, Fail, "", "more than the allowed 0.01 %"},
	} {
		s := resting(.9999, seconds(c.seconds))
		v := Judge(s, []Evidence{trialOf(s, failing(5, 5+c.seconds, 1))}, nil)
		f := find(v, "steady-state")
		if v.Outcome != c.want || f.Needs != c.needs || !strings.Contains(f.Reason, c.says) {
			t.Errorf("%g s: got %v %q (%s), want %v %q (%s)", c.seconds, v.Outcome, f.Needs, f.Reason, c.want, c.needs, c.says)
		}
	}
}

func TestAnEndpointThatIsAlwaysDownMissesAnyObjective(t *testing.T) {
	for _, availability := range []float64{.9, .99, .9999, .99999} {
		s := resting(availability, seconds(10))
		v := Judge(s, []Evidence{trialOf(s, failing(5, 15, 1))}, nil)
		if f := find(v, "steady-state"); v.Outcome != Fail {
			t.Errorf("objective %g: got %v, want fail: %s; %s", availability, v.Outcome, f.Reason, f.Needs)
		}
	}
}

func TestRequestsOfTheWarmUpProveNothing(t *testing.T) {
	s := resting(.9999, seconds(113)) // 33,900; with the warm-up 35,400
	v := Judge(s, []Evidence{trialOf(s)}, nil)
	if f := find(v, "steady-state"); f.Outcome != Inconclusive || !strings.Contains(f.Measured, "33,900") {
		t.Errorf("got %v %s, want inconclusive of 33,900 requests", f.Outcome, f.Measured)
	}
}

func TestTrialsOfSteadyStateAreCountedTogether(t *testing.T) {
	s := resting(.9999, seconds(60))
	one, two := trialOf(s), trialOf(s)
	two.Plan.Trial = 2
	if v := Judge(s, []Evidence{one}, nil); v.Outcome != Inconclusive {
		t.Errorf("18,000 requests: got %v, want inconclusive", v.Outcome)
	}
	if v := Judge(s, []Evidence{one, two}, nil); v.Outcome != Pass {
		t.Errorf("36,000 requests: got %v, want pass", v.Outcome)
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
