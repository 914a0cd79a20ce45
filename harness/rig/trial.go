package rig

import (
	"context"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// Trial resolves one trial of s from the seed, binds it to st and runs it: what
// a library user needs between a scenario and its evidence. trial counts from
// 1; another trial of the same seed may choose other targets.
func Trial(ctx context.Context, s harness.Scenario, st stack.Stack, seed uint64, trial int, opts ...harness.Option) (harness.Evidence, error) {
	plan, err := Resolve(ctx, s, st, seed, trial)
	if err != nil {
		return harness.Evidence{}, err
	}
	bound, err := New(plan, st)
	if err != nil {
		return harness.Evidence{}, err
	}
	return harness.Run(ctx, plan, bound, opts...)
}
