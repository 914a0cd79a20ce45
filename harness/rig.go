package harness

// Rig is everything live that Run drives, bound to one stack for one Plan.
// Run owns the use of its parts until it returns; it does not close them.
type Rig struct {
	Load Load
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
	// Stack describes the system under test for the evidence.
	Stack StackInfo
}

// StackInfo says what a trial ran against.
type StackInfo struct {
	// Kind is docker, inproc, or endpoint for a URL that is only observed.
	Kind string `json:"kind"`
	// Banner is a warning that every report must show; empty when none.
	Banner string `json:"banner,omitempty"`
	// Targets are the stack's replicas.
	Targets []Target `json:"targets,omitempty"`
	// Observers are those that can notice a fault; nil when nobody said.
	Observers []Sight `json:"observers,omitempty"`
	// Versions maps a part to its version or image ID.
	Versions map[string]string `json:"versions,omitempty"`
}

// Sight is what one observer can notice.
type Sight struct {
	// Source is the observer as in Signal.Source.
	Source string `json:"source"`
	// Components are those whose failure it can notice; never empty.
	Components []string `json:"components"`
	// Pages is true when it would reach a person.
	Pages bool `json:"pages,omitempty"`
}
