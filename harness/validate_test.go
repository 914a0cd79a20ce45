package harness

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// kill is a valid scenario with one fault.
func kill() Scenario {
	return Scenario{
		Name:       "catalog-replica-kill",
		Labels:     map[string][]string{"suite": {"smoke", "pr"}},
		Hypothesis: "killing one of three catalog replicas costs readers nothing",
		Load:       LoadSpec{Rate: 300, Mix: "browse", Timeout: time.Second},
		Stages:     Stages{Steady: 2 * time.Second, Baseline: 10 * time.Second, Disruption: 20 * time.Second, Recovery: 15 * time.Second},
		Faults:     []FaultSpec{{Action: "container-kill", Target: TargetSpec{Component: "catalog", Mode: "one"}}},
		SLO:        SLO{Availability: 0.9999, LatencyQuantiles: map[string]time.Duration{"p99": 250 * time.Millisecond}},
		Limits:     Limits{FailedFraction: new(0.0001), Downtime: new(100 * time.Millisecond), LostWrites: new(0)},
		RiskClass:  "process-crash",
		Trials:     map[string]int{"pr": 5},
	}
}

// wrong returns the fields that err complains about, in order.
func wrong(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("Validate returned %T, want joined errors", err)
	}
	var fields []string
	for _, e := range joined.Unwrap() {
		var fe *FieldError
		if !errors.As(e, &fe) {
			t.Fatalf("Validate returned a %T, want a *FieldError: %v", e, e)
		}
		fields = append(fields, fe.Field)
	}
	return fields
}

func TestValidateAcceptsAWholeScenario(t *testing.T) {
	if err := kill().Validate(); err != nil {
		t.Errorf("Validate: %v", err)
	}
	steady := kill()
	steady.Faults, steady.Stages.Disruption, steady.Stages.Recovery = nil, 0, 0
	if err := steady.Validate(); err != nil {
		t.Errorf("Validate without faults: %v", err)
	}
	steady.Load.Mix, steady.Load.URL, steady.Load.Expect = "", "https://127.0.0.1:8443/health", 204
	if err := steady.Validate(); err != nil {
		t.Errorf("Validate of one URL: %v", err)
	}
	control := kill()
	control.Faults = []FaultSpec{{Action: NoopAction}}
	if err := control.Validate(); err != nil {
		t.Errorf("Validate of noop without a target: %v", err)
	}
}

func TestValidateNamesEveryWrongField(t *testing.T) {
	target := func(ts TargetSpec) func(*Scenario) { return func(s *Scenario) { s.Faults[0].Target = ts } }
	for _, tt := range []struct {
		name string
		edit func(*Scenario)
		want []string
	}{
		{"a name is kebab-case", func(s *Scenario) { s.Name = "Catalog_Kill" }, []string{"name"}},
		{"a name is short", func(s *Scenario) { s.Name = strings.Repeat("a", 64) }, []string{"name"}},
		{"a hypothesis is said", func(s *Scenario) { s.Hypothesis = "  " }, []string{"hypothesis"}},
		{"a hypothesis is one line", func(s *Scenario) { s.Hypothesis = "one\ntwo" }, []string{"hypothesis"}},
		{"a hypothesis holds no terminal escape", func(s *Scenario) { s.Hypothesis = "a \u009b31m b" }, []string{"hypothesis"}},
		{"a label has a value", func(s *Scenario) { s.Labels = map[string][]string{"suite": nil} }, []string{"labels.suite"}},
		{"a label's value is kebab-case", func(s *Scenario) { s.Labels = map[string][]string{"suite": {"A b"}} }, []string{"labels.suite"}},
		{"a rate of zero sends nothing", func(s *Scenario) { s.Load.Rate = 0 }, []string{"load.rate"}},
		{"NaN is not a rate", func(s *Scenario) { s.Load.Rate = math.NaN() }, []string{"load.rate"}},
		{"an infinite rate is refused", func(s *Scenario) { s.Load.Rate = math.Inf(1) }, []string{"load.rate"}},
		{"a load has a mix", func(s *Scenario) { s.Load.Mix = "" }, []string{"load.mix"}},
		{"a mix has its own statuses", func(s *Scenario) { s.Load.Expect = 200 }, []string{"load.expect"}},
		{"a URL stands in the place of a mix", func(s *Scenario) { s.Load.URL = "http://127.0.0.1:1/" }, []string{"load.mix"}},
		{"a URL is http or https", func(s *Scenario) { s.Load.Mix, s.Load.URL = "", "ftp://127.0.0.1/" }, []string{"load.url"}},
		{"a URL has a host", func(s *Scenario) { s.Load.Mix, s.Load.URL = "", "http:///x" }, []string{"load.url"}},
		{"a URL can be parsed", func(s *Scenario) { s.Load.Mix, s.Load.URL = "", "http://%zz" }, []string{"load.url"}},
		{"an expected status is one", func(s *Scenario) { s.Load.Mix, s.Load.URL, s.Load.Expect = "", "http://127.0.0.1:1/", 99 }, []string{"load.expect"}},
		{"a timeout fits the histogram", func(s *Scenario) { s.Load.Timeout = time.Hour }, []string{"load.timeout"}},
		{"a stage is not negative", func(s *Scenario) { s.Stages.Baseline = -1 }, []string{"stages.baseline"}},
		{"a stage ends within a day", func(s *Scenario) { s.Stages.Recovery = 25 * time.Hour }, []string{"stages.recovery"}},
		{"a fault needs a Disruption", func(s *Scenario) { s.Stages.Disruption = 0 }, []string{"stages.disruption"}},
		{"without faults there is no Disruption, and a Baseline is needed", func(s *Scenario) { s.Faults, s.Stages.Baseline = nil, 0 },
			[]string{"stages.disruption", "stages.recovery", "stages.baseline"}},
		{"a fault has an action", func(s *Scenario) { s.Faults[0].Action = "" }, []string{"faults[0].action"}},
		{"a fault starts before Disruption ends", func(s *Scenario) { s.Faults[0].At = 20 * time.Second }, []string{"faults[0].at"}},
		{"a fault does not start before Disruption", func(s *Scenario) { s.Faults[0].At = -1 }, []string{"faults[0].at"}},
		{"a fault ends within Disruption", func(s *Scenario) { s.Faults[0].At, s.Faults[0].Duration = time.Second, 20*time.Second }, []string{"faults[0].duration"}},
		{"a duration that overflows is beyond Disruption", func(s *Scenario) { s.Faults[0].At, s.Faults[0].Duration = time.Second, math.MaxInt64 }, []string{"faults[0].duration"}},
		{"a fault's duration is not negative", func(s *Scenario) { s.Faults[0].Duration = -1 }, []string{"faults[0].duration"}},
		{"a fault lasts no longer than what holds it", func(s *Scenario) {
			s.Stages.Disruption, s.Faults[0].Duration = 3*time.Hour, MaxFault+1
		}, []string{"faults[0].duration"}},
		{"a fault without a duration lasts to the end of Disruption", func(s *Scenario) {
			s.Stages.Disruption, s.Faults[0].Duration = 3*time.Hour, 0
		}, []string{"faults[0].duration"}},
		{"a fault has a target", target(TargetSpec{}), []string{"faults[0].target"}},
		{"a mode alone is no target", target(TargetSpec{Mode: "one"}), []string{"faults[0].target"}},
		{"a target is a component or a node", target(TargetSpec{Component: "catalog", Node: "a", Mode: "one"}), []string{"faults[0].target"}},
		{"a mode is known", target(TargetSpec{Component: "catalog", Mode: "any"}), []string{"faults[0].target.mode"}},
		{"fixed counts whole replicas", target(TargetSpec{Component: "catalog", Mode: "fixed", Value: 1.5}), []string{"faults[0].target.value"}},
		{"NaN is not a count", target(TargetSpec{Component: "catalog", Mode: "fixed", Value: math.NaN()}), []string{"faults[0].target.value"}},
		{"a percentage ends at 100", target(TargetSpec{Component: "catalog", Mode: "fixed-percent", Value: 101}), []string{"faults[0].target.value"}},
		{"NaN is not a percentage", target(TargetSpec{Component: "catalog", Mode: "random-max-percent", Value: math.NaN()}), []string{"faults[0].target.value"}},
		{"one takes no value", target(TargetSpec{Component: "catalog", Mode: "one", Value: 2}), []string{"faults[0].target.value"}},
		{"100% cannot be promised", func(s *Scenario) { s.SLO.Availability = 1 }, []string{"slo.availability"}},
		{"NaN is not an availability", func(s *Scenario) { s.SLO.Availability = math.NaN() }, []string{"slo.availability"}},
		{"a quantile is one that is measured", func(s *Scenario) { s.SLO.LatencyQuantiles = map[string]time.Duration{"0.99": 1} }, []string{"slo.latency.0.99"}},
		{"a latency limit is positive", func(s *Scenario) { s.SLO.LatencyQuantiles = map[string]time.Duration{"p99": 0} }, []string{"slo.latency.p99"}},
		{"a latency bound is not negative", func(s *Scenario) { s.SLO.LatencyBound = -1 }, []string{"slo.latency.bound"}},
		{"a burst is at least one request", func(s *Scenario) { s.SLO.Burst = .5 }, []string{"slo.burst"}},
		{"a burst is not negative", func(s *Scenario) { s.SLO.Burst = -1 }, []string{"slo.burst"}},
		{"a burst ends", func(s *Scenario) { s.SLO.Burst = math.Inf(1) }, []string{"slo.burst"}},
		{"NaN is not a burst", func(s *Scenario) { s.SLO.Burst = math.NaN() }, []string{"slo.burst"}},
		{"limits are not negative", func(s *Scenario) {
			s.Limits = Limits{FailedFraction: new(-0.1), Downtime: new(-time.Second), Detection: new(-time.Second), Diagnosis: new(-time.Second),
				Repair: new(-time.Second), Recovery: new(-time.Second), LostWrites: new(-1), DuplicatedWrites: new(-1), PhantomWrites: new(-1), RPO: new(-time.Second), VerifiedRestore: new(-time.Second), ScaleOut: new(-time.Second)}
		}, []string{"limits.failed", "limits.downtime", "limits.detection", "limits.diagnosis", "limits.repair", "limits.recovery", "limits.rpo", "limits.verifiedRestore", "limits.scaleOut", "limits.lostWrites", "limits.duplicatedWrites", "limits.phantomWrites"}},
		{"a failed fraction is at most 1", func(s *Scenario) { s.Limits.FailedFraction = new(1.1) }, []string{"limits.failed"}},
		{"NaN is not a failed fraction", func(s *Scenario) { s.Limits.FailedFraction = new(math.NaN()) }, []string{"limits.failed"}},
		{"a tier asks for at least one trial", func(s *Scenario) { s.Trials = map[string]int{"pr": 0} }, []string{"trials.pr"}},
		{"all problems come at once", func(s *Scenario) { s.Name, s.Load.Rate, s.Faults[0].Action = "", -1, "" }, []string{"name", "load.rate", "faults[0].action"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := kill()
			tt.edit(&s)
			if diff := cmp.Diff(tt.want, wrong(t, s.Validate())); diff != "" {
				t.Errorf("wrong fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFieldErrorSaysWantAndSaw(t *testing.T) {
	s := kill()
	s.Load.Rate = -3
	s.Faults[0].Target.Mode = "fixd"
	want := `load.rate: want more than 0 and at most 100000 requests per second, saw -3
faults[0].target.mode: want one of one, all, fixed, fixed-percent, random-max-percent, leader, follower, minority, majority; did you mean "fixed"?, saw "fixd"`
	if diff := cmp.Diff(want, s.Validate().Error()); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}
