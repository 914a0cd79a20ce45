package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/inproc"
)

// dryResult is the form of `fournines run --dry-run --json`.
type dryResult struct {
	DryRun bool           `json:"dryRun"`
	Seed   uint64         `json:"seed"`
	Stack  string         `json:"stack"` // empty: nothing would be started
	Plans  []harness.Plan `json:"plans"`
	// Aims are what the injections of all plans come to, in their order.
	Aims []aim `json:"aims,omitempty"`
	// Levers can stop the run.
	Levers []string `json:"levers,omitempty"`
	// Refusals are why a run would not be admitted as it is.
	Refusals []string `json:"refusals,omitempty"`
	// Skipped are the scenarios whose faults are not possible on this kind of
	// stack, and why: their trials would be invalid, and test nothing.
	Skipped []string `json:"skipped,omitempty"`
}

// aim is what one planned injection would do to the stack as it is now.
type aim struct {
	// Plan and Injection are places in dryResult.Plans and its Injections.
	Plan      int `json:"plan"`
	Injection int `json:"injection"`
	// Containers are those of the targets; none before the stack is started.
	Containers []aimed `json:"containers,omitempty"`
	// Undo is what the journal would hold; nil before the stack is started.
	Undo *harness.UndoRecipe `json:"undo,omitempty"`
	// Problem is why the fault could not be injected now; Unsupported says that
	// it never could on this kind of stack.
	Problem     string `json:"problem,omitempty"`
	Unsupported bool   `json:"unsupported,omitempty"`
	// Leaves says what is left of each component that is hit.
	Leaves []harness.Left `json:"leaves,omitempty"`
}

// aimed is the container of a target.
type aimed struct {
	Replica   string `json:"replica"`
	Container string `json:"container"`
	ID        string `json:"id"`
}

// trial are the aims of one plan.
func (d dryResult) trial(plan int) []aim {
	var all []aim
	for _, t := range d.Aims {
		if t.Plan == plan {
			all = append(all, t)
		}
	}
	return all
}

// lookPatience bounds the look at the targets of one injection.
const lookPatience = 5 * time.Second

// preview finds out what the plans come to. Of a stack that is up it asks the
// faults how they would be undone; they touch nothing for that.
func preview(ctx context.Context, plans []harness.Plan, f runFlags, choice stackChoice) dryResult {
	dry := dryResult{DryRun: true, Seed: f.seed, Stack: choice.kind, Plans: plans}
	var members []docker.Member
	if there := choice.attached; there != nil {
		members = there.stack.Members()
		dry.Refusals = newGate(f.radiusFlags, there, plans).refusals()
	}
	levers, _ := f.safetyLevers() // were checked
	for _, l := range levers {
		dry.Levers = append(dry.Levers, l.String())
	}
	targets := choice.targets()
	for i, plan := range plans {
		var live harness.Rig
		var unbound error
		switch {
		case choice.attached != nil:
			live, unbound = rig.New(plan, choice.attached.stack, f.allowHosts...)
		case choice.kind == stackInproc:
			live.Faults, unbound = rig.Faults(plan, inproc.Layout())
		}
		for j, inj := range plan.Injections {
			t := aim{Plan: i, Injection: j, Leaves: plan.Leaves(j, targets)}
			for _, m := range members {
				for _, name := range inj.Targets {
					if name == m.Replica {
						t.Containers = append(t.Containers, aimed{m.Replica, m.Container, m.ID})
					}
				}
			}
			switch {
			case unbound != nil:
				t.Problem = unbound.Error()
			case len(live.Faults) <= j:
			case choice.attached == nil:
				t.doubt(ctx, live.Faults[j])
			case len(inj.Targets) > 0:
				t.prepare(ctx, live.Faults[j])
			}
			if t.Unsupported {
				dry.skip(plan, inj)
			}
			dry.Aims = append(dry.Aims, t)
		}
	}
	return dry
}

// skip notes that a plan's injection is not possible, once for a scenario.
func (d *dryResult) skip(plan harness.Plan, inj harness.PlannedInjection) {
	text := fmt.Sprintf("%s: %s is not possible on stack %s", plan.Scenario.Name, inj.Action, d.Stack)
	if !slices.Contains(d.Skipped, text) {
		d.Skipped = append(d.Skipped, text)
	}
}

// doubt asks a fault on a stack that is not up whether it is possible there at
// all; whatever else Prepare says is about a stack that is not up.
func (t *aim) doubt(ctx context.Context, f harness.Fault) {
	if _, err := f.Prepare(ctx); errors.Is(err, errors.ErrUnsupported) {
		t.Problem, t.Unsupported = err.Error(), true
	}
}

// prepare asks a fault how it would be undone now.
func (t *aim) prepare(ctx context.Context, f harness.Fault) {
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	prepare := func() (harness.UndoRecipe, error) { return f.Prepare(ctx) }
	if foreseen, ok := f.(fault.Foreseer); ok { // its agents are not started here
		prepare = foreseen.Foresee
	}
	undo, err := prepare()
	if err != nil {
		t.Problem = err.Error()
		return
	}
	t.Undo = &undo
}
