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

// Matches returns nil when at least one of all is of the component or on the
// node that t names. Otherwise the error lists what there is and suggests the
// nearest. A TargetSpec that names neither matches nothing.
func (t TargetSpec) Matches(all []Target) error {
	what, wanted, of := "component", t.Component, func(t Target) string { return t.Component }
	if t.Node != "" {
		what, wanted, of = "node", t.Node, func(t Target) string { return t.Node }
	}
	var there []string
	for _, target := range all {
		if name := of(target); name != "" && !slices.Contains(there, name) {
			there = append(there, name)
		}
	}
	slices.Sort(there)
	switch {
	case slices.Contains(there, wanted):
		return nil
	case len(there) == 0:
		return fmt.Errorf("no %s %q: the stack has none at all", what, wanted)
	}
	return fmt.Errorf("no %s %q: the stack has %s%s", what, wanted, strings.Join(there, ", "), suggest.DidYouMean(wanted, there))
}
