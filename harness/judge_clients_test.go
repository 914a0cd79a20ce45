package harness

import (
	"strings"
	"testing"
)

// The clients of these trials are there from 10.15 s to 30 s.
func TestThatClientsAreTooManyHasToBeDetected(t *testing.T) {
	alert := func(at float64) change {
		return func(ev *Evidence) {
			ev.Signals = append(ev.Signals, signalAt(at, .5, "prometheus", "catalog-1", AlertFiring))
		}
	}
	watched := func(all ...Sight) change {
		return func(ev *Evidence) { ev.Stack.Observers = append([]Sight{}, all...) }
	}
	prometheus := watched(Sight{Source: "prometheus", Components: []string{"catalog"}})
	gone := func(from, to float64) change {
		return func(ev *Evidence) { ev.Signals = append(ev.Signals, signalAt(to, to-from, "prometheus", "", Silent)) }
	}
	for _, tt := range []struct {
		rule    string
		limit   float64
		changes []change
		want    Outcome
		code    Code
		says    string
	}{
		{"an alert within the limit passes", 15, []change{prometheus, alert(16)}, Pass, "", "The fault was detected after 5.85 s (±500 ms) by prometheus (alert-firing catalog-1), within the limit of 15 s."},
		{"one beyond it fails", 5, []change{prometheus, alert(20)}, Fail, LimitExceeded, "more than the limit of 5 s"},
		{"one from before they came does not count", 15, []change{prometheus, alert(9)}, Fail, NotRecovered, "The fault was not detected within 19.9 s"},
		{"one from after they left does not either", 15, []change{prometheus, alert(31)}, Fail, NotRecovered, "The fault was not detected within 19.9 s"},
		{"none before the limit has passed is not known", 25, []change{prometheus}, Inconclusive, Unobserved, "not detected within 19.9 s, when the time line ended"},
		{"an observer that did not answer may have seen it", 15, []change{prometheus, gone(11, 25)}, Invalid, TelemetryGap, "Prometheus gave no answer for 14 s"},
		{"where nobody watches nobody can", 15, []change{watched()}, Inconclusive, Unobserved, "No observer on this stack can notice a fault"},
		{"a fault that breaks nothing is none", 15, []change{prometheus, alert(16), func(ev *Evidence) { ev.Injections[0].Action = NoopAction }}, Inconclusive, Unobserved, "No fault took effect on a target"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := killing(Limits{Detection: ptr(seconds(tt.limit))})
			quietly := silenced(Died, Ejected, LeaseExpired, AlertFiring, Started, Ready)
			f := find(Judge(s, []Evidence{trialOf(s, append([]change{quietly, byClients}, tt.changes...)...)}, nil), DetectionPhase)
			if f.Outcome != tt.want || f.Code != tt.code || !strings.Contains(f.Reason, tt.says) {
				t.Errorf("%v %s: %q\nwant %v %s: %q", f.Outcome, f.Code, f.Reason, tt.want, tt.code, tt.says)
			}
		})
	}
}

func TestClientsAreNoPartThatCouldBeRepaired(t *testing.T) {
	s := killing(Limits{Diagnosis: ptr(seconds(9)), Repair: ptr(seconds(9)), Recovery: ptr(seconds(9))})
	v := Judge(s, []Evidence{trialOf(s, byClients)}, nil)
	for _, check := range []string{DiagnosisPhase, RepairPhase, TotalPhase} {
		if f := find(v, check); f.Outcome != Inconclusive || f.Code != Unobserved || !strings.Contains(f.Reason, "there is no "+check+" to judge") {
			t.Errorf("%s: %v %s: %q, want that there is none to judge", check, f.Outcome, f.Code, f.Reason)
		}
	}
}
