package harness

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestSafetyStop(t *testing.T) {
	between := func(from, to float64, every int) func(time.Duration) bool {
		return func(now time.Duration) bool {
			return now >= seconds(from) && now < seconds(to) && int(now/(10*time.Millisecond))%every == 0
		}
	}
	for _, c := range []struct {
		rule   string
		safety *Safety
		limits Limits
		bad    func(time.Duration) bool
		at     time.Duration // when the fault was recovered; 8 s is its planned end
		end    End
	}{
		{"lets a fault that does little harm have its time", nil, Limits{}, between(3, 8, 2),
			8 * time.Second, End{Reason: Completed, At: 11 * time.Second}},
		{"takes a fault back that fails most requests for 3 s", nil, Limits{}, between(3, 9, 1),
			7 * time.Second, End{Reason: Aborted, Code: SafetyStop, At: 10 * time.Second,
				Detail: "300 of 300 requests (100 %) failed within 3 seconds under the fault, more than 50 % in every second: the safety limit"}},
		{"waits for as long as the limits allow an outage", nil, Limits{Downtime: ptr(2 * time.Second)}, between(3, 8, 1),
			8 * time.Second, End{Reason: Completed, At: 11 * time.Second}},
		{"takes the scenario's own limits first", &Safety{Bad: .2, For: time.Second}, Limits{Downtime: ptr(time.Minute)}, between(4, 8, 2),
			6 * time.Second, End{Reason: Aborted, Code: SafetyStop, At: 9 * time.Second,
				Detail: "50 of 100 requests (50 %) failed within 1 second under the fault, more than 20 % in every second: the safety limit"}},
		{"can be switched off", &Safety{Off: true}, Limits{}, between(3, 9, 1),
			8 * time.Second, End{Reason: Completed, At: 11 * time.Second}},
		{"wants the harm in a row", &Safety{Bad: .2, For: 2 * time.Second},
			Limits{}, func(now time.Duration) bool { return now >= 3*time.Second && int(now/time.Second)%2 == 0 },
			8 * time.Second, End{Reason: Completed, At: 11 * time.Second}},
	} {
		t.Run("a trial "+c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				plan := testPlan("one", "two")
				plan.Scenario.Safety, plan.Scenario.Limits = c.safety, c.limits
				rig := Rig{Load: late{steadyLoad{rate: 100, bad: c.bad}}, Faults: []Fault{&spyFault{name: "one", log: &log}, &spyFault{name: "two", log: &log}}}
				ev, err := Run(t.Context(), plan, rig)
				if err != nil || len(ev.Problems) > 0 {
					t.Errorf("error %v, problems %v; want none", err, ev.Problems)
				}
				if ev.End != c.end {
					t.Errorf("end %+v;\nwant %+v", ev.End, c.end)
				}
				if want := []string{"inject one", "inject two", "recover two", "recover one"}; !slices.Equal(log, want) {
					t.Errorf("faults saw %v; want %v", log, want)
				}
				for _, i := range ev.Injections {
					if i.RecoverAt != c.at || !i.Removed {
						t.Errorf("%s recovered at %s, removed %v; want at %s", i.Fault, i.RecoverAt, i.Removed, c.at)
					}
				}
			})
		})
	}
}

func TestAFaultThatIsStillToComeIsNotInjectedAfterASafetyStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		plan := testPlan("one", "two")
		plan.Injections[1].At, plan.Injections[1].Duration = 4500*time.Millisecond, 500*time.Millisecond
		rig := Rig{
			Load:   late{steadyLoad{rate: 100, bad: func(now time.Duration) bool { return now >= 3*time.Second && now < 8*time.Second }}},
			Faults: []Fault{&spyFault{name: "one", log: &log}, &spyFault{name: "two", log: &log}},
		}
		ev, err := Run(t.Context(), plan, rig)
		if err != nil || ev.End.Code != SafetyStop || !slices.Equal(log, []string{"inject one", "recover one"}) {
			t.Fatalf("end %+v, error %v, faults saw %v; want a safety stop with the first fault alone", ev.End, err, log)
		}
		v := Judge(plan.Scenario, []Evidence{ev}, nil)
		if v.Outcome != Fail || !slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Outcome == Fail && f.Code == SafetyStop }) {
			t.Errorf("verdict %s: %+v; want fail with %s", v.Outcome, v.Findings, SafetyStop)
		}
		if slices.ContainsFunc(v.Findings, func(f Finding) bool { return f.Outcome == Invalid }) {
			t.Errorf("a safety stop is evidence, and a finding says it is not: %+v", v.Findings)
		}
	})
}

func TestASafetyStopIsKnownEvenWhenTheRestIsCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log []string
		rig := Rig{
			Load:   late{dyingLoad{after: 8500 * time.Millisecond, bad: func(now time.Duration) bool { return now >= 3*time.Second }}},
			Faults: []Fault{&spyFault{name: "one", log: &log}},
		}
		ev, err := Run(t.Context(), testPlan("one"), rig)
		if err == nil || ev.End.Code != SafetyStop || !slices.Equal(codes(ev), []Code{HarnessError}) {
			t.Errorf("end %+v, error %v, problems %v; want a safety stop and the harness's error", ev.End, err, ev.Problems)
		}
	})
}

func TestTheDefaultSafetyStopFollowsFromTheLimits(t *testing.T) {
	for _, c := range []struct {
		rule   string
		limits Limits
		want   time.Duration
	}{
		{"3 s without limits", Limits{}, 3 * time.Second},
		{"and hardly more where next to nothing may fail", allLimits(), 3 * time.Second},
		{"longer by the downtime that is allowed", Limits{Downtime: ptr(8 * time.Second)}, 11 * time.Second},
		{"or by the outage that costs the allowed failures, if that is less", Limits{Downtime: ptr(8 * time.Second), FailedFraction: ptr(.05)}, 6500 * time.Millisecond},
		{"or by the recovery where nothing else is limited", Limits{Recovery: ptr(10 * time.Second)}, 13 * time.Second},
	} {
		t.Run(c.rule, func(t *testing.T) {
			want := Safety{Bad: .5, For: c.want.Truncate(time.Second)}
			if got := killing(c.limits).SafetyStop(); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

func TestSafetyIsValidated(t *testing.T) {
	for _, c := range []struct {
		rule   string
		safety Safety
		want   string
	}{
		{"a share and a time are fine", Safety{Bad: .2, For: 3 * time.Second}, ""},
		{"off is fine", Safety{Off: true}, ""},
		{"a share of nothing is refused", Safety{For: time.Second}, "safety.bad"},
		{"a share above one is refused", Safety{Bad: 1.01, For: time.Second}, "safety.bad"},
		{"no time is refused", Safety{Bad: .5}, "safety.for"},
		{"off with limits is refused", Safety{Bad: .5, Off: true}, "safety"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(Limits{})
			s.Safety = &c.safety
			err := s.Validate()
			field, wrong := errors.AsType[*FieldError](err)
			if wrong != (c.want != "") || wrong && field.Field != c.want {
				t.Errorf("got %v, want a problem with %q", err, c.want)
			}
		})
	}
	s := undisturbedPlan(time.Second).Scenario
	s.Safety = &Safety{Off: true}
	if err := s.Validate(); err == nil || !strings.Contains(err.Error(), "no faults") {
		t.Errorf("safety without faults: got %v, want it refused", err)
	}
}
