package rig

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
)

// roled is a stack that can be asked who leads and who follows, by replica.
type roled interface {
	Roles(ctx context.Context) (map[string]string, error)
}

// Resolve is harness.Resolve for a live stack: it asks the stack who plays
// which role where the scenario has to know. Roles move, so a plan of such a
// scenario is resolved again right before its trial.
func Resolve(ctx context.Context, s harness.Scenario, st stack.Stack, seed uint64, trial int, opts ...harness.ResolveOption) (harness.Plan, error) {
	opts = append([]harness.ResolveOption{harness.WithOverlap(fault.Overlap)}, opts...)
	if s.NeedsRoles() {
		roles, err := rolesOf(ctx, st)
		if err != nil {
			return harness.Plan{}, fmt.Errorf("resolve scenario %q: %w", s.Name, err)
		}
		opts = append(opts, harness.WithRoles(roles))
	}
	return harness.Resolve(s, seed, trial, Targets(st), opts...)
}

// rolesOf asks st for roles.
func rolesOf(ctx context.Context, st stack.Stack) (map[string]harness.Role, error) {
	asked, ok := st.(roled)
	if !ok {
		return nil, fmt.Errorf("modes leader and follower: the %s stack tells no roles; choose another mode", st.Kind())
	}
	said, err := asked.Roles(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask the %s stack for roles: %w", st.Kind(), err)
	}
	roles := map[string]harness.Role{}
	for name, role := range said {
		roles[name] = harness.Role(role)
	}
	return roles, nil
}
