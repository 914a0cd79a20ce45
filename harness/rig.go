package harness

import (
	"context"
	"slices"
)

// Rig is everything live that Run drives, bound to one stack for one Plan.
// Run owns the use of its parts until it returns; it does not close them.
type Rig struct {
	Load Load
	// Ledger is the books of what Load writes; nil when it only reads.
	Ledger Ledger
	// Probers are slow, steady streams of requests beside the load, by name
	// ("pooled", "fresh"): a pooled client hides outages that a fresh
	// connection shows, and the other way round. They are recorded and
	// reported, and never mixed with the load. May be empty.
	Probers map[string]Load
	// Steady must hold before anything is injected, and again at the end.
	Steady []Probe
	// Faults matches Plan.Injections one to one.
	Faults    []Fault
	Observers []Observer
	// Replicas are all of the stack, to be asked how they are before one more
	// of them is broken. Without them nobody is asked.
	Replicas []Replica
	// Stack describes the system under test for the evidence.
	Stack StackInfo
}

// Replica is a target and how it is.
type Replica struct {
	Target
	// Ready returns nil when the replica serves; otherwise it says what was
	// expected and seen. It may be called concurrently.
	Ready func(context.Context) error
}

// StackInfo says what a trial ran against.
type StackInfo struct {
	// Kind is docker, inproc, compose for somebody's own containers, or
	// EndpointKind.
	Kind string `json:"kind"`
	// Banner is a warning that every report must show; empty when none.
	Banner string `json:"banner,omitempty"`
	// Targets are the stack's replicas.
	Targets []Target `json:"targets,omitempty"`
	// Weights are those of replicas among which requests are spread unevenly on
	// purpose, by their names; all others have the same share.
	Weights map[string]int `json:"weights,omitempty"`
	// Observers are those that can notice a fault; nil when nobody said.
	Observers []Sight `json:"observers,omitempty"`
	// Versions maps a part to its version or image ID.
	Versions map[string]string `json:"versions,omitempty"`
}

// pages reports whether the signal reached a person. Where some observers of
// the stack are known to page, an alert of any other is on its way at best.
func (s StackInfo) pages(signal Signal) bool {
	if !signal.Kind.Pages() {
		return false
	}
	paging := func(o Sight) bool { return o.Pages }
	return !slices.ContainsFunc(s.Observers, paging) ||
		slices.ContainsFunc(s.Observers, func(o Sight) bool { return o.Pages && o.Source == signal.Source })
}

// EndpointKind is the StackInfo.Kind of a URL that is only observed.
const EndpointKind = "endpoint"

// Sight is what one observer can notice.
type Sight struct {
	// Source is the observer as in Signal.Source.
	Source string `json:"source"`
	// Components are those whose failure it can notice; never empty.
	Components []string `json:"components"`
	// Pages is true when it would reach a person.
	Pages bool `json:"pages,omitempty"`
}
