package main

import (
	"maps"
	"slices"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// peersParam is the parameter of faults that names the other side.
const peersParam = "peers"

// ofTheRegistry are the actions that hit the registry, or keep somebody from it,
// whatever keeps it. A fault of another action that names etcd means etcd.
var ofTheRegistry = [...]string{"leader-kill", "quorum-loss", "registry-partition", "watch-lost", "partition", "flap"}

// meant are the scenarios with etcd, where it stands for the registry, replaced
// by what keeps the registrations on the chosen stack. The plans, and with them
// the evidence, say what was hit.
func meant(all []chosen, choice stackChoice) []chosen {
	if !choice.keepsRegistryIn(stack.ZooKeeper) {
		return all
	}
	all = slices.Clone(all)
	for i := range all {
		faults := slices.Clone(all[i].Faults)
		for j := range faults {
			faults[j] = meantFault(faults[j])
		}
		all[i].Faults = faults
	}
	return all
}

func meantFault(f harness.FaultSpec) harness.FaultSpec {
	if !slices.Contains(ofTheRegistry[:], f.Action) {
		return f
	}
	if f.Target.Component == stack.Etcd {
		f.Target.Component = stack.ZooKeeper
	}
	named, said := f.Params[peersParam]
	if named == stack.Etcd || !said && f.Action == "watch-lost" { // whose standard is etcd
		f.Params = maps.Clone(f.Params)
		if f.Params == nil {
			f.Params = map[string]string{}
		}
		f.Params[peersParam] = stack.ZooKeeper
	}
	return f
}

// keepsRegistryIn reports whether the stack is the reference platform with its
// registrations in a component.
func (c stackChoice) keepsRegistryIn(component string) bool {
	if c.attached == nil {
		return c.kind == stackDocker && c.platform.RegisteredIn() == component
	}
	if c.attached.stack.Kind() == stack.ComposeKind { // what a service is called says nothing of what it is
		return false
	}
	return slices.ContainsFunc(c.targets(), func(t harness.Target) bool { return t.Component == component })
}
