package main

import (
	"maps"
	"slices"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// componentsFor are the components that the scenarios have to do with; nil is
// the whole platform. A part is left out only when no request reaches it and no
// fault could: it would cost time to start, and processor time under the load.
func componentsFor(all []chosen) []string {
	for _, c := range all {
		if c.Load.Mix != mixOfReaders {
			return nil
		}
		if slices.ContainsFunc(c.Faults, concernsMore) || triesRestores(c.Scenario) {
			return nil
		}
	}
	return stack.ForReaders()
}

// triesRestores reports whether a scenario has to do with restores of the
// backup. What they compare are the tables of orders, which makes them.
func triesRestores(s harness.Scenario) bool {
	return s.Limits.VerifiedRestore != nil || s.Stack != nil && s.Stack.Drill > 0
}

// concernsMore reports whether a fault hits a node, or has to do with what
// readers do not.
func concernsMore(f harness.FaultSpec) bool {
	if f.Target.Component == "" {
		return f.Target.Node != ""
	}
	named := slices.Collect(maps.Values(f.Params))
	return slices.ContainsFunc(append(named, f.Target.Component), func(name string) bool {
		return slices.Contains(stack.Components(), name) && !slices.Contains(stack.ForReaders(), name)
	})
}

// mixOfReaders is the mix that sends nothing but reads of the catalog.
const mixOfReaders = "browse"
