package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestSelection(t *testing.T) {
	type one struct {
		Name                 string
		Trials               int
		Baseline, Disruption time.Duration
	}
	s := time.Second
	for _, tt := range []struct {
		name string
		sel  selection
		want []one
	}{
		{"without a name the first scenario runs once", selection{}, []one{{"catalog-replica-kill", 1, 10 * s, 20 * s}}},
		{"a suite's tier says how many trials", selection{names: nil, suite: "pr", judged: 5 * s}, nil},
		{"--trials outweighs the tier", selection{names: []string{"catalog-replica-kill"}, trials: 3}, []one{{"catalog-replica-kill", 3, 10 * s, 20 * s}}},
		{"a tier runs up to its budget, with which one injection may exceed", selection{names: []string{"catalog-replica-kill"}, tier: "nightly"}, []one{{"catalog-replica-kill", 31, 10 * s, 20 * s}}},
		{"--trials outweighs --tier", selection{names: []string{"catalog-replica-kill"}, tier: "nightly", trials: 2}, []one{{"catalog-replica-kill", 2, 10 * s, 20 * s}}},
		{"without faults a tier wants no injections", selection{names: []string{"steady-state"}, tier: "release"}, []one{{"steady-state", 1, 120 * s, 0}}},
		{"--for is the length of the disruption", selection{names: []string{"catalog-replica-kill"}, judged: 3 * s}, []one{{"catalog-replica-kill", 1, 10 * s, 3 * s}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all, err := tt.sel.scenarios()
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == nil {
				for _, c := range all {
					if c.trials != max(1, c.Trials[tt.sel.suite]) {
						t.Errorf("%s gets %d trials in suite %s, want %d", c.Name, c.trials, tt.sel.suite, c.Trials[tt.sel.suite])
					}
				}
				return
			}
			var got []one
			for _, c := range all {
				got = append(got, one{c.Name, c.trials, c.Stages.Baseline, c.Stages.Disruption})
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("scenarios (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAScenarioThatAsksForFewTrialsGetsFew(t *testing.T) {
	tier, _ := harness.FindTier("release")
	s := harness.Scenario{Faults: make([]harness.FaultSpec, 1), Trials: map[string]int{"release": 4}}
	if got := tierTrials(s, tier); got != 4 {
		t.Errorf("%d trials, want the 4 that the scenario asks for: its evidence has to grow over runs", got)
	}
	if s.Trials["release"] = 200; tierTrials(s, tier) != 200 {
		t.Errorf("%d trials, want the 200 that the scenario asks for", tierTrials(s, tier))
	}
}

func TestForMustHoldTheFault(t *testing.T) {
	sel := selection{judged: 2 * time.Second}
	s := harness.Scenario{Name: "pause", Stages: harness.Stages{Disruption: 10 * time.Second}, Faults: []harness.FaultSpec{{Action: "container-pause", At: 3 * time.Second}}}
	if got := withJudged(s, sel.judged).Stages.Disruption; got != 2*time.Second {
		t.Errorf("disruption %s, want 2s", got)
	}
	if err := withJudged(s, sel.judged).Validate(); err == nil || !strings.Contains(err.Error(), "would start after its end") {
		t.Errorf("Validate = %v, want the fault to be outside", err)
	}
}
