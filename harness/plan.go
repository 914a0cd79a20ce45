package harness

import "time"

// PlanSchema is the version of Plan's JSON form.
const PlanSchema = 1

// Plan is a Scenario with every random choice resolved from the seed. It is
// written before the run and can be replayed.
type Plan struct {
	Schema   int      `json:"schema"`
	Scenario Scenario `json:"scenario"`
	Seed     uint64   `json:"seed"`
	// Trial counts from 1.
	Trial      int                `json:"trial"`
	Injections []PlannedInjection `json:"injections,omitempty"`
	// Caps are what the injections were held to, and are again when they are
	// injected.
	Caps Caps `json:"caps,omitzero"`
}

// PlannedInjection is one FaultSpec with its targets chosen.
type PlannedInjection struct {
	Action string `json:"action"`
	// Targets are replica names, in the order in which they are hit.
	Targets []string `json:"targets,omitempty"`
	// Open are the replicas of which one will be hit, where the stack has to be
	// asked first who plays the role that the mode names; that is done right
	// before the trial. A plan with open targets cannot be run.
	Open []string `json:"open,omitempty"`
	// At is the offset from the start of Disruption.
	At time.Duration `json:"atNs"`
	// Duration is > 0 and ends within Disruption.
	Duration time.Duration     `json:"durationNs"`
	Params   map[string]string `json:"params,omitempty"`
}

// Target is what target selection needs to know of a replica.
type Target struct {
	// Name is unique in the stack: "catalog-2".
	Name      string `json:"name"`
	Component string `json:"component"`
	Node      string `json:"node"`
}
