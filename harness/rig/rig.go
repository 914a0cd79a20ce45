// Package rig joins a Plan to a live stack: it is the only package that knows
// both the harness and what a stack is. It makes the load, the probes, the
// faults and the observers that harness.Run drives.
package rig

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/load"
	"github.com/fournines/fournines/stack"
)

// New binds plan to st. The rig can be run once; its parts hold no resources
// until harness.Run starts them. An error says which part of the plan the
// stack cannot serve.
func New(plan harness.Plan, st stack.Stack) (harness.Rig, error) {
	generator, err := newLoad(plan, st, false)
	if err != nil {
		return harness.Rig{}, err
	}
	probers, err := newProbers(plan, st)
	if err != nil {
		return harness.Rig{}, err
	}
	faults, err := newFaults(plan, st)
	if err != nil {
		return harness.Rig{}, err
	}
	steady, err := steadyProbes(st)
	if err != nil {
		return harness.Rig{}, err
	}
	info := Info(st)
	info.Observers = sights(st)
	return harness.Rig{
		Load: generator, Probers: probers, Faults: faults, Steady: steady,
		Observers: observers(plan, st), Stack: info,
	}, nil
}

// proberRate is the pace of each prober in requests per second: enough to see
// an outage of 50 ms, too little to matter as load.
const proberRate = 20

// connections maps each prober's name to whether it opens a connection for
// every request.
func connections() map[string]bool { return map[string]bool{"pooled": false, "fresh": true} }

// newProbers makes the streams beside the load: one over kept connections, one
// that opens a connection for every request.
func newProbers(plan harness.Plan, st stack.Stack) (map[string]harness.Load, error) {
	probers := map[string]harness.Load{}
	for name, fresh := range connections() {
		p := plan
		p.Scenario.Load.Rate = proberRate
		l, err := newLoad(p, st, fresh)
		if err != nil {
			return nil, err
		}
		probers[name] = l
	}
	return probers, nil
}

// Targets lists what faults can hit in st.
func Targets(st stack.Stack) []harness.Target {
	var targets []harness.Target
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			targets = append(targets, harness.Target{Name: r.Name(), Component: r.Component(), Node: r.Node()})
		}
	}
	return targets
}

// Info describes st for the evidence.
func Info(st stack.Stack) harness.StackInfo {
	return harness.StackInfo{Kind: st.Kind(), Targets: Targets(st), Versions: st.Versions()}
}

// newLoad makes the scenario's traffic against the stack's edge, over kept
// connections or a fresh one for every request.
func newLoad(plan harness.Plan, st stack.Stack, fresh bool) (harness.Load, error) {
	edge, ok := st.URL(stack.Edge)
	if !ok {
		return nil, fmt.Errorf("bind load: the %s stack has no endpoint %q to send requests to", st.Kind(), stack.Edge)
	}
	spec := plan.Scenario.Load
	requests, err := load.Named(spec.Mix, edge, plan.Seed)
	if err != nil {
		return nil, fmt.Errorf("bind load: %w", err)
	}
	return load.New(load.Config{Rate: spec.Rate, Timeout: spec.Timeout, Requests: requests, FreshConnections: fresh})
}

// newFaults makes the plan's faults over the stack's replicas, in its order.
func newFaults(plan harness.Plan, st stack.Stack) ([]harness.Fault, error) {
	var faults []harness.Fault
	for i, inj := range plan.Injections {
		targets := make([]fault.Target, len(inj.Targets))
		for j, name := range inj.Targets {
			replica, ok := stack.Find(st, name)
			if !ok {
				return nil, fmt.Errorf("bind injection %d: the %s stack has no replica %q; it has %v",
					i+1, st.Kind(), name, names(st))
			}
			targets[j] = replica
		}
		f, err := fault.New(inj.Action, inj.Params, targets)
		if err != nil {
			return nil, fmt.Errorf("bind injection %d: %w", i+1, err)
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func names(st stack.Stack) []string {
	var all []string
	for _, t := range Targets(st) {
		all = append(all, t.Name)
	}
	return all
}
