package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// active is an injection that has not been seen removed.
type active struct {
	InjectionRecord
	injection Injection
	intent    string // its ID in the journal
}

// disrupt injects every fault at its time and recovers those that end before
// the stage does. It returns errAbort when a fault did not take effect.
func (t *trial) disrupt(ctx context.Context, bg *background, length time.Duration) error {
	began := t.rec.now()
	for _, step := range schedule(t.plan.Injections, length) {
		if err := t.waitUntil(ctx, bg, began+step.at); err != nil {
			return err
		}
		if step.end {
			if i := slices.IndexFunc(t.active, func(a *active) bool { return a.Index == step.index }); i >= 0 {
				t.recoverOne(ctx, t.active[i])
			}
			continue
		}
		if err := t.admit(ctx, step.index); err != nil {
			return err
		}
		if err := t.inject(ctx, step.index); err != nil {
			return err
		}
	}
	return t.waitUntil(ctx, bg, began+length)
}

// step is one thing to do during Disruption.
type step struct {
	at    time.Duration
	index int
	end   bool
}

// schedule orders injections and their ends in time; at one instant ends come
// first. Faults that last until the end of the stage are left to recoverAll.
func schedule(injections []PlannedInjection, length time.Duration) []step {
	var steps []step
	for i, inj := range injections {
		steps = append(steps, step{at: inj.At, index: i})
		if end := inj.At + inj.Duration; end < length {
			steps = append(steps, step{at: end, index: i, end: true})
		}
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		if a.end != b.end && a.end {
			return -1
		}
		return 0
	})
	return steps
}

// inject puts one fault into effect and waits for the proof.
func (t *trial) inject(ctx context.Context, index int) error {
	fault, planned := t.rig.Faults[index], t.plan.Injections[index]
	a := &active{InjectionRecord: InjectionRecord{
		Index: index, Action: planned.Action, Fault: fault.String(), Targets: planned.Targets,
	}}
	if err := t.begin(ctx, a, fault, planned); err != nil {
		a.Error = err.Error()
		t.rec.write(record{Injection: &a.InjectionRecord})
		_, stopped := errors.AsType[pulled](context.Cause(ctx))
		switch {
		case stopped:
		case errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, ErrNotUndone):
			t.rec.problem(UnsupportedFault, "%s: %v", fault, err)
		default:
			t.rec.problem(FaultNotEffective, "inject %s: %v", fault, err)
		}
		if errors.Is(err, ErrNotUndone) {
			t.rec.problem(FaultNotRemoved, "%s could not be removed: %v; remove it by hand: %s", fault, err, a.Undo.Command)
		}
		return fmt.Errorf("%w: inject %s: %w", errAbort, fault, err)
	}
	injection := a.injection
	t.active = append(t.active, a)
	t.rec.write(record{Injection: &a.InjectionRecord})
	t.checkpoint(AfterInject)

	awaitCtx, cancel := context.WithTimeout(ctx, effectTimeout)
	defer cancel()
	if err := injection.Await(awaitCtx); err != nil {
		if cause := context.Cause(ctx); cause != nil {
			return cause
		}
		a.Error = err.Error()
		t.rec.write(record{Injection: &a.InjectionRecord})
		t.rec.problem(FaultNotEffective, "%s was injected but not seen in effect: %v", fault, err)
		return fmt.Errorf("%w: %s not effective: %w", errAbort, fault, err)
	}
	a.Effective, a.EffectiveAt = true, t.rec.now()
	t.rec.write(record{Injection: &a.InjectionRecord})
	t.report("injected " + fault.String() + t.ofSeveral(index))
	t.checkpoint(DuringDisruption)
	return t.rec.flush()
}

// begin writes down how the fault is undone, and injects it then.
func (t *trial) begin(ctx context.Context, a *active, fault Fault, planned PlannedInjection) error {
	undo, err := fault.Prepare(ctx)
	if err != nil {
		return err
	}
	a.Undo = undo
	a.intent, err = t.journal.Intend(Intent{
		Fault: a.Fault, Undo: undo, Deadline: time.Now().Add(min(planned.Duration, MaxFault) + recoverTimeout).Round(0),
	})
	if err != nil {
		return err
	}
	t.checkpoint(AfterIntent)
	a.InjectAt = t.rec.now()
	t.rec.write(record{Injection: &a.InjectionRecord})
	a.injection, err = fault.Inject(ctx)
	switch {
	case errors.Is(err, ErrNotUndone): // the journal keeps it, for Heal
		return err
	case err != nil:
		return errors.Join(err, t.journal.Done(a.intent))
	}
	a.InjectedAt = t.rec.now()
	return nil
}

// recoverAll removes all faults in reverse order and opens stage Recovery when
// Disruption was reached. What could not be removed stays active; calling it
// again tries again.
func (t *trial) recoverAll(ctx context.Context) {
	if t.stage == Disruption {
		t.enter(Recovery)
	}
	for _, a := range slices.Backward(slices.Clone(t.active)) {
		t.recoverOne(ctx, a)
	}
}

// recoverOne removes one fault; it stays active when that did not work.
func (t *trial) recoverOne(ctx context.Context, a *active) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recoverTimeout)
	defer cancel()
	if a.RecoverAt == 0 {
		t.checkLasting(ctx, a)
		a.RecoverAt = t.rec.now()
	}
	t.rec.write(record{Injection: &a.InjectionRecord})
	t.checkpoint(DuringRecover)
	if err := a.injection.Recover(ctx); err != nil {
		a.Error = err.Error()
		t.rec.write(record{Injection: &a.InjectionRecord})
		t.report("could not remove " + a.Fault + t.ofSeveral(a.Index))
		return
	}
	t.checkpoint(AfterRecover)
	a.Removed, a.RemovedAt = true, t.rec.now()
	if counting, ok := a.injection.(Accountable); ok {
		var shortfall string
		if a.Did, shortfall = counting.Account(); shortfall != "" {
			t.rec.problem(FaultNotEffective, "%s was not fully effective: %s", a.Fault, shortfall)
		}
	}
	t.rec.write(record{Injection: &a.InjectionRecord})
	if err := t.journal.Done(a.intent); err != nil {
		t.report(err.Error()) // it is undone once more, which does no harm
	}
	t.active = slices.DeleteFunc(t.active, func(other *active) bool { return other == a })
	t.report("recovered " + a.Fault + t.ofSeveral(a.Index))
}

// ofSeveral is " (fault 2 of 3, 1 in effect)"; empty when there is one alone.
func (t *trial) ofSeveral(index int) string {
	if len(t.plan.Injections) == 1 {
		return ""
	}
	return fmt.Sprintf(" (fault %d of %d, %d in effect)", index+1, len(t.plan.Injections), len(t.active))
}

// reportResidue records the faults that are still in effect at the end.
func (t *trial) reportResidue() {
	for _, a := range t.active {
		t.rec.problem(FaultNotRemoved, "%s could not be removed: %s; remove it by hand: %s", a.Fault, a.Error, a.Undo.Command)
	}
}
