package rig

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
	"github.com/google/go-cmp/cmp"
)

func TestAPlatformIsBuiltAsTheScenarioSays(t *testing.T) {
	s := harness.Scenario{Name: "s", Stack: &harness.StackSpec{
		Cores:      map[string]float64{"catalog": 0.1},
		Work:       map[string]time.Duration{"catalog": 3 * time.Millisecond},
		Autoscale:  map[string]harness.ScaleSpec{"catalog": {Metric: "cpu", Target: 0.7, Max: 6}},
		ClientRate: 300, Drill: 30 * time.Second,
	}}
	got, err := Platform(s, stack.Choices{Balance: stack.Random, Cores: map[string]float64{"gateway": 0.5}})
	if err != nil {
		t.Fatal(err)
	}
	want := stack.Choices{
		Balance: stack.Random, Cores: map[string]float64{"catalog": 0.1, "gateway": 0.5}, Work: map[string]time.Duration{"catalog": 3 * time.Millisecond},
		Autoscale: map[string]stack.Autoscale{"catalog": {Metric: "cpu", Target: 0.7, Max: 6}}, ClientRate: 300, Drill: 30 * time.Second,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	got, err = Platform(s, stack.Choices{Cores: map[string]float64{"catalog": 0.2}, Work: map[string]time.Duration{"catalog": time.Millisecond}, ClientRate: 50, Drill: time.Minute})
	if err != nil || got.Cores["catalog"] != 0.2 || got.Work["catalog"] != time.Millisecond || got.ClientRate != 50 || got.Drill != time.Minute {
		t.Errorf("choices %+v, %v; want what was chosen in place of what the scenario says", got, err)
	}
	chosen := stack.Choices{Without: []string{"retries"}}
	if got, err := Platform(harness.Scenario{}, chosen); err != nil || !cmp.Equal(got, chosen) {
		t.Errorf("choices %+v, %v of a scenario that does not mind, want those that were chosen", got, err)
	}
	s.Stack.Autoscale["db"] = harness.ScaleSpec{Metric: "cpu", Target: 0.7}
	if _, err := Platform(s, stack.Choices{}); err == nil || !strings.Contains(err.Error(), `scenario "s": stack: autoscale db`) {
		t.Errorf("error %v, want one that says that a database cannot be scaled", err)
	}
}
