package harness

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Bounds on what the engine waits for.
const (
	// effectTimeout is how long a fault may take to be seen in effect.
	effectTimeout = 5 * time.Second
	// recoverTimeout is how long the removal of a fault may take, proof
	// included. It starts anew for every injection.
	recoverTimeout = 30 * time.Second
	// steadyGood is the least good fraction of the requests before an
	// injection; below it the stack is not steady and nothing is injected.
	steadyGood = 0.99
	// steadyEvery is the pause between two rounds of steady-state probes.
	steadyEvery = 250 * time.Millisecond
)

// Run drives one trial: it waits until the stack is steady under load, injects
// the plan's faults, recovers them and returns everything that was seen. The
// evidence is valid as far as it goes even beside an error.
//
// The error means that the harness could not do its job; what the stack did
// wrong is in the evidence. Cancelling ctx ends the trial early: injections
// are recovered first, and the evidence says Interrupted. Every injection is
// recovered before Run returns or panics, in reverse order, with a context
// that survives cancellation.
func Run(ctx context.Context, plan Plan, rig Rig, opts ...Option) (Evidence, error) {
	o := options{progress: func(Progress) {}, journal: noJournal{}, checkpoint: func(Checkpoint) {}, started: func(Header) {}, wall: wallClock}
	for _, opt := range opts {
		opt(&o)
	}
	if err := fits(plan, rig); err != nil {
		return Evidence{}, fmt.Errorf("run %q: %w", plan.Scenario.Name, err)
	}
	base := time.Now()
	header := Header{
		Schema: EvidenceSchema, RunID: o.runID, Plan: plan, Tool: o.tool,
		Environment: o.environment, Stack: rig.Stack, Terms: o.terms, Command: o.command, Start: base.Round(0),
	}
	t := &trial{
		plan: plan, rig: rig, options: o, end: End{Reason: Completed},
		rec: newRecorder(header, base, o.sink, o.scratch, slices.Sorted(maps.Keys(rig.Probers))...),
	}
	o.started(header)
	ev, err := t.run(ctx)
	if err != nil {
		return ev, fmt.Errorf("run %q: %w", plan.Scenario.Name, err)
	}
	return ev, nil
}

// fits refuses a plan and rig that do not belong together.
func fits(plan Plan, rig Rig) error {
	if rig.Load == nil {
		return errors.New("the rig has no load")
	}
	if len(rig.Faults) != len(plan.Injections) {
		return fmt.Errorf("the rig has %d faults, the plan %d injections: want the same number",
			len(rig.Faults), len(plan.Injections))
	}
	for i, inj := range plan.Injections {
		if inj.At < 0 || inj.Duration <= 0 || inj.At+inj.Duration > plan.Scenario.Stages.Disruption {
			return fmt.Errorf("injection %d lasts from %s for %s: want it within the disruption of %s",
				i+1, inj.At, inj.Duration, plan.Scenario.Stages.Disruption)
		}
	}
	return nil
}

// trial is one pass through all stages.
type trial struct {
	plan Plan
	rig  Rig
	options
	rec     *recorder
	stage   Stage
	entered time.Duration // when stage began
	active  []*active     // injected and not yet known to be removed
	// end is how the trial ends if nothing goes wrong from now on.
	end      End
	nextLook time.Duration
}

// run is the order of a trial. The deferred functions are the bracket that
// always holds: faults are recovered first, while load still runs; then load
// and observers end; then the record is closed.
func (t *trial) run(ctx context.Context) (ev Evidence, err error) {
	end := End{Reason: Aborted, Detail: "the harness panicked"}
	panicked := true
	defer func() {
		if panicked {
			t.rec.problem(HarnessError, "the harness panicked in stage %s", t.stage)
		}
		end.At = t.rec.now()
		var closeErr error
		ev, closeErr = t.rec.close(end)
		if !errors.Is(err, closeErr) { // the recorder says its first error every time
			err = errors.Join(err, closeErr)
		}
	}()
	bg := t.start(ctx)
	settled := false // the trial came to where its writes are evidence
	defer func() {
		bg.stop()
		if settled {
			t.reconcile(ctx)
		}
	}()
	defer func() {
		t.recoverAll(ctx)
		t.reportResidue()
		t.leave()
	}()

	failure := t.stages(ctx, bg)
	panicked = false
	end = t.end
	settled = ctx.Err() == nil && (failure == nil || t.end.Code != "")
	known := end.Code != "" // what ended the disruption, however the rest is cut short
	switch {
	case ctx.Err() != nil && !known:
		end = End{Reason: Interrupted, Detail: context.Cause(ctx).Error()}
	case ctx.Err() != nil || failure == nil:
	default:
		if !known {
			end = End{Reason: Aborted, Detail: failure.Error()}
		}
		if !errors.Is(failure, errAbort) {
			t.rec.problem(HarnessError, "%v", failure)
			err = failure
		}
	}
	return ev, err
}

// errAbort ends a trial whose reason is already in the record as a Problem.
var errAbort = errors.New("trial aborted")

// stages passes through the stages; its error is errAbort, the cancellation of
// ctx, or a failure of the harness.
func (t *trial) stages(ctx context.Context, bg *background) error {
	lengths := t.plan.Scenario.Stages
	t.enter(Steady)
	if err := t.awaitSteady(ctx, bg, lengths.Steady); err != nil {
		return err
	}
	t.enter(Baseline)
	scheduled, bad, _ := t.rec.counts()
	if err := t.wait(ctx, bg, lengths.Baseline); err != nil {
		return err
	}
	if len(t.plan.Injections) == 0 {
		return t.checkProbes(ctx)
	}
	if err := t.checkTraffic(scheduled, bad); err != nil {
		return err
	}
	t.enter(Disruption)
	err := t.underLevers(ctx, func(ctx context.Context) error { return t.disrupt(ctx, bg, lengths.Disruption) })
	if err != nil && !errors.Is(err, errSafety) {
		return err
	}
	t.recoverAll(ctx)
	if err := t.wait(ctx, bg, lengths.Recovery-(t.rec.now()-t.entered)); err != nil {
		return err
	}
	return t.checkProbes(ctx)
}

// enter closes the present stage and opens the next.
func (t *trial) enter(s Stage) {
	t.leave()
	t.stage, t.entered = s, t.rec.now()
	t.rec.write(record{Stage: &StageRecord{Stage: s, Window: Window{From: t.entered, To: t.entered}}})
	t.report("")
}

func (t *trial) leave() {
	if t.stage != "" {
		t.rec.write(record{Stage: &StageRecord{Stage: t.stage, Window: Window{From: t.entered, To: t.rec.now()}}})
		t.countWrites()
	}
}

// wait lets d pass, flushing the record every second and reporting progress.
// It ends early when ctx is done, the load ends, the record cannot be written,
// or a look at the trial says so.
func (t *trial) wait(ctx context.Context, bg *background, d time.Duration) error {
	return t.waitUntil(ctx, bg, t.rec.now()+d)
}

func (t *trial) waitUntil(ctx context.Context, bg *background, until time.Duration) error {
	for {
		left := until - t.rec.now()
		if left <= 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case err := <-bg.failed:
			return err
		case <-time.After(min(left, steadyEvery)):
			if err := t.rec.flush(); err != nil {
				return err
			}
			t.report("")
			if stop, err := t.look(until); stop || err != nil {
				return err
			}
		}
	}
}

// report tells the watcher where the trial is.
func (t *trial) report(note string) {
	scheduled, bad, p99 := t.rec.counts()
	elapsed := t.rec.now()
	t.progress(Progress{
		Scenario: t.plan.Scenario.Name, Trial: t.plan.Trial, Stage: t.stage,
		Elapsed: elapsed, Left: max(0, t.plan.Scenario.Stages.Total()-elapsed),
		Scheduled: scheduled, Bad: bad, P99: p99, Note: note,
	})
}
