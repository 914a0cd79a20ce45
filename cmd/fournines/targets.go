package main

import (
	"slices"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/inproc"
)

// referenceTargets is what faults can hit in the reference platform, known
// without starting it.
func referenceTargets() []harness.Target { return targetsOf(stack.Choices{}) }

// targetsOf is what faults can hit in a platform that is built in a certain way.
func targetsOf(c stack.Choices) []harness.Target {
	var targets []harness.Target
	for _, part := range c.Parts() {
		for i := 1; i <= part.Replicas; i++ {
			targets = append(targets, harness.Target{Name: part.ReplicaName(i), Component: part.Component, Node: part.Node(i)})
		}
	}
	return targets
}

// targetsOn is what faults can hit on the kind of stack: the in-process one has
// not all parts of the reference platform.
func targetsOn(kind string) []harness.Target {
	targets := referenceTargets()
	if kind == stackInproc {
		targets = slices.DeleteFunc(targets, func(t harness.Target) bool { return !inproc.Has(t.Component) })
	}
	return targets
}

// resolveAll makes the plan of every trial, in the order in which they run.
func resolveAll(all []chosen, seed uint64, targets []harness.Target, caps harness.Caps) ([]harness.Plan, error) {
	var plans []harness.Plan
	for _, c := range all {
		for trial := 1; trial <= c.trials; trial++ {
			plan, err := harness.Resolve(c.Scenario, seed, trial, targets, harness.WithOverlap(fault.Overlap), harness.WithCaps(caps))
			if err != nil {
				return nil, usage(err)
			}
			plans = append(plans, plan)
		}
	}
	return plans, nil
}
