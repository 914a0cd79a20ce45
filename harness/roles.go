package harness

import (
	"fmt"
	"slices"
)

// WithRoles tells Resolve who plays which role in the stack now, by replica.
// Without it faults of the modes leader and follower have open targets.
func WithRoles(roles map[string]Role) ResolveOption {
	return func(r *resolver) {
		if r.roles = roles; roles == nil {
			r.roles = map[string]Role{}
		}
	}
}

// NeedsRoles reports whether a fault of s can only be resolved by one who asked
// the stack for roles.
func (s Scenario) NeedsRoles() bool {
	return slices.ContainsFunc(s.Faults, func(f FaultSpec) bool { return Mode(f.Target.Mode).role() != "" })
}

// Settled reports whether all targets are chosen.
func (p Plan) Settled() bool {
	return !slices.ContainsFunc(p.Injections, func(i PlannedInjection) bool { return len(i.Open) > 0 })
}

// ofRole is those of matched that play a role; all of them while nobody asked.
func (r *resolver) ofRole(role Role, matched []Target) ([]Target, error) {
	if r.roles == nil {
		return matched, nil
	}
	of := slices.DeleteFunc(slices.Clone(matched), func(t Target) bool { return r.roles[t.Name] != role })
	if len(of) == 0 {
		return nil, fmt.Errorf("no %s among %s: the stack says so, or tells no roles of them", role, names(matched))
	}
	return of, nil
}
