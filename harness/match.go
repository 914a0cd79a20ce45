package harness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness/suggest"
)

// FaultError is why one fault of a scenario finds no targets.
type FaultError struct {
	// Index is the fault's place in Scenario.Faults.
	Index  int
	Action string
	Err    error
}

// Error names the fault as a scenario file does: faults[0] (container-kill).
func (e *FaultError) Error() string {
	return fmt.Sprintf("faults[%d] (%s): %v", e.Index, e.Action, e.Err)
}

// Unwrap is the reason alone.
func (e *FaultError) Unwrap() error { return e.Err }

// nodes are the failure domains that t names.
func (t TargetSpec) nodes() []string {
	var all []string
	for _, n := range strings.Split(t.Node, ",") {
		if n = strings.TrimSpace(n); n != "" {
			all = append(all, n)
		}
	}
	return all
}

// Matches returns nil when at least one of all is of the component, or on each
// of the nodes, that t names. Otherwise the error lists what there is and
// suggests the nearest. A TargetSpec that names neither matches nothing.
func (t TargetSpec) Matches(all []Target) error {
	if t.Node == "" {
		return there("component", t.Component, all, func(t Target) string { return t.Component })
	}
	nodes := t.nodes()
	if len(nodes) == 0 {
		nodes = []string{t.Node}
	}
	for _, n := range nodes {
		if err := there("node", n, all, func(t Target) string { return t.Node }); err != nil {
			return err
		}
	}
	return nil
}

// there returns nil when wanted is the name that one of all has.
func there(what, wanted string, all []Target, of func(Target) string) error {
	var names []string
	for _, target := range all {
		if name := of(target); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	switch {
	case slices.Contains(names, wanted):
		return nil
	case len(names) == 0:
		return fmt.Errorf("no %s %q: the stack has none at all", what, wanted)
	}
	return fmt.Errorf("no %s %q: the stack has %s%s", what, wanted, strings.Join(names, ", "), suggest.DidYouMean(wanted, names))
}
