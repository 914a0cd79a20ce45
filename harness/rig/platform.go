package rig

import (
	"fmt"
	"maps"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// Platform is how the reference platform is to be built for a scenario, where
// chosen is what was chosen besides: the scenario's own stack is added to it,
// and gives way to what was chosen of the same component. The error says what
// cannot be built.
func Platform(s harness.Scenario, chosen stack.Choices) (stack.Choices, error) {
	if s.Stack == nil {
		return chosen, nil
	}
	built := chosen
	built.Cores = map[string]float64{}
	built.Work = maps.Clone(s.Stack.Work)
	for component, work := range chosen.Work {
		if built.Work == nil {
			built.Work = map[string]time.Duration{}
		}
		built.Work[component] = work
	}
	built.Autoscale = map[string]stack.Autoscale{}
	for component, cores := range s.Stack.Cores {
		built.Cores[component] = cores
	}
	for component, cores := range chosen.Cores {
		built.Cores[component] = cores
	}
	for component, a := range s.Stack.Autoscale {
		built.Autoscale[component] = stack.Autoscale(a)
	}
	for component, a := range chosen.Autoscale {
		built.Autoscale[component] = a
	}
	if built.ClientRate == 0 {
		built.ClientRate = s.Stack.ClientRate
	}
	if built.Drill == 0 {
		built.Drill = s.Stack.Drill
	}
	if err := built.Check(); err != nil {
		return stack.Choices{}, fmt.Errorf("scenario %q: stack: %w", s.Name, err)
	}
	return built, nil
}
