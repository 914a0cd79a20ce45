package harness

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestHealthIsAskedWhenAFaultIsInjected(t *testing.T) {
	for _, tt := range []struct {
		rule string
		mode Mode
		caps Caps
		down []string // from the start
		want []string
		// refusal is part of the problem; empty when all is injected.
		refusal string
	}{
		{rule: "healthy replicas are left", want: []string{"inject web-1", "inject web-2", "recover web-1", "recover web-2"}},
		{rule: "the last healthy replica stays", down: []string{"web-3"},
			want:    []string{"inject web-1", "recover web-1"},
			refusal: `it would take the last healthy replica of "web": web-1 is under spy; web-3 is not ready: out of order`},
		{rule: "mode all may take it", mode: All, down: []string{"web-3"},
			want: []string{"inject web-1", "inject web-2", "recover web-1", "recover web-2"}},
		{rule: "a replica that is down counts towards the caps", caps: Caps{Targets: 1}, down: []string{"web-3"},
			refusal: `2 of 3 replicas of "web" would be gone at once, want at most 1 (at most 1 replica of a component): web-3 is not ready`},
		{rule: "strict caps hold for mode all", mode: All, caps: Caps{Share: .5, Strict: true}, down: []string{"web-3"},
			refusal: `2 of 3 replicas of "web" would be gone at once`},
		{rule: "one that never answers counts as down", down: []string{"web-2", "hanging"}, caps: Caps{Targets: 2},
			refusal: "web-3 is not ready: no answer within 1s"},
		{rule: "another component's replicas do not matter", down: []string{"db-1"},
			want: []string{"inject web-1", "inject web-2", "recover web-1", "recover web-2"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log []string
				rig := Rig{Load: steadyLoad{rate: 100}, Faults: []Fault{&spyFault{name: "web-1", log: &log}, &spyFault{name: "web-2", log: &log}}}
				for _, name := range []string{"web-1", "web-2", "web-3", "db-1"} {
					rig.Replicas = append(rig.Replicas, Replica{Target{Name: name, Component: name[:len(name)-2]}, func(ctx context.Context) error {
						switch {
						case slices.Contains(tt.down, name):
							return errors.New("out of order")
						case name == "web-3" && slices.Contains(tt.down, "hanging"):
							<-ctx.Done()
							return context.Cause(ctx)
						}
						return nil
					}})
				}
				plan := testPlan("web-1", "web-2")
				plan.Caps = tt.caps
				for range plan.Injections {
					plan.Scenario.Faults = append(plan.Scenario.Faults, FaultSpec{Action: "spy", Target: TargetSpec{Component: "web", Mode: string(tt.mode)}})
				}
				// Of two faults that end together the first is recovered first.
				plan.Injections[0].Duration, plan.Injections[1].Duration = 2*time.Second, 2*time.Second
				ev, err := Run(t.Context(), plan, rig)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(log, tt.want) {
					t.Errorf("saw %q, want %q", log, tt.want)
				}
				if tt.refusal == "" {
					if len(ev.Problems) > 0 {
						t.Errorf("problems %+v", ev.Problems)
					}
					return
				}
				if got := codes(ev); !slices.Equal(got, []Code{BlastRadius}) || !strings.Contains(ev.Problems[0].Detail, tt.refusal) {
					t.Errorf("problems %+v, want %s with %q", ev.Problems, BlastRadius, tt.refusal)
				}
				verdict := Judge(plan.Scenario, []Evidence{ev}, nil)
				if verdict.Outcome != Invalid || slices.ContainsFunc(verdict.Findings, func(f Finding) bool { return f.Code == FaultNotEffective }) {
					t.Errorf("verdict %s: %+v, want it invalid for the blast radius", verdict.Outcome, verdict.Findings)
				}
			})
		})
	}
}
