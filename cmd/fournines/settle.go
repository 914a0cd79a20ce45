package main

import (
	"context"
	"reflect"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack"
)

const (
	// rolePatience is how long a stack may be without the role that a fault is
	// aimed at: an earlier trial may have left it in an election.
	rolePatience = 15 * time.Second
	rolePause    = 200 * time.Millisecond
)

// settle asks the stack who plays which role now, where the plan of a trial has
// to know, and writes the plans anew when that changes it.
func (r *runner) settle(ctx context.Context, at int, st stack.Stack) (harness.Plan, error) {
	plan := r.plans[at]
	if r.replayed || !plan.Scenario.NeedsRoles() {
		return plan, nil
	}
	patience, cancel := context.WithTimeout(ctx, rolePatience)
	defer cancel()
	for {
		now, err := rig.Resolve(patience, plan.Scenario, st, plan.Seed, plan.Trial, harness.WithCaps(plan.Caps))
		switch {
		case err == nil && reflect.DeepEqual(now, plan):
			return plan, nil
		case err == nil:
			r.plans[at] = now
			return now, r.dir.WritePlans(r.plans)
		}
		select {
		case <-patience.Done():
			return plan, err
		case <-time.After(rolePause):
		}
	}
}
