package calibrate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
)

// targetName is the target's one replica.
const targetName = "target-1"

// Stages of a trial around what it is about.
const (
	steadyFor = 300 * time.Millisecond
	// spareBaseline is how much longer than the script Baseline may take: the
	// trial ends when the script has.
	spareBaseline = 30 * time.Second
)

// trial is one trial that was run: its evidence, the base of its offsets and
// what the generator sent.
type trial struct {
	evidence harness.Evidence
	base     time.Time
	*ledger
}

// offset is t as an offset into the evidence.
func (t trial) offset(at time.Time) time.Duration { return at.Sub(t.base) }

// scenario is what all trials at a rate have in common.
func scenario(name string, rate float64, stages harness.Stages) harness.Scenario {
	return harness.Scenario{
		Name:       name,
		Hypothesis: "what is measured is what happened",
		Load:       harness.LoadSpec{Rate: rate, Mix: "numbered", Timeout: timeout},
		Stages:     stages,
		SLO:        harness.SLO{Availability: .9999, LatencyBound: latencyBound},
	}
}

// drive runs the engine on a target.
func drive(ctx context.Context, t *target, s harness.Scenario, rig harness.Rig, opts ...harness.Option) (trial, error) {
	rig.Stack = harness.StackInfo{Kind: "scripted", Targets: []harness.Target{{Name: targetName, Component: "target", Node: "a"}}}
	plan, err := harness.Resolve(s, t.seed, 1, rig.Stack.Targets)
	if err != nil {
		return trial{}, err
	}
	traffic, err := load.New(load.Config{
		Rate: s.Load.Rate, Timeout: s.Load.Timeout,
		Requests: func(seq uint64) load.Request { return load.Request{URL: t.url(seq), Want: 200} },
	})
	if err != nil {
		return trial{}, err
	}
	sent := &ledger{Load: traffic}
	rig.Load = sent
	before := time.Now()
	ev, err := harness.Run(ctx, plan, rig, opts...)
	sent.settle(t.taken())
	if err != nil {
		return trial{}, err
	}
	if err := complete(ctx, ev); err != nil {
		return trial{}, err
	}
	// Evidence keeps its base as wall-clock time only. It was read just after
	// before was, so the difference of the two gives it the monotonic reading
	// that the target's stamps have.
	return trial{evidence: ev, base: before.Add(ev.Start.Sub(before.Round(0))), ledger: sent}, nil
}

// complete refuses evidence of a trial that did not go as planned.
func complete(ctx context.Context, ev harness.Evidence) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var problems []error
	for _, p := range ev.Problems {
		problems = append(problems, fmt.Errorf("%s: %s", p.Code, p.Detail))
	}
	if ev.End.Reason != harness.Completed {
		problems = append(problems, fmt.Errorf("trial ended %q: %s", ev.End.Reason, ev.End.Detail))
	}
	return errors.Join(problems...)
}

// undisturbed runs a trial without a fault; during is called when Baseline
// begins, and the trial ends when it returns.
func undisturbed(ctx context.Context, t *target, name string, rate float64, length time.Duration, during func(context.Context) error) (trial, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var once sync.Once
	var working sync.WaitGroup
	enough := make(chan struct{})
	s := scenario(name, rate, harness.Stages{Steady: steadyFor, Baseline: length + spareBaseline})
	result, err := drive(ctx, t, s, harness.Rig{}, harness.WithStop(harness.StopWhen(enough, "the script is over")), harness.WithProgress(func(p harness.Progress) {
		if p.Stage != harness.Baseline {
			return
		}
		once.Do(func() {
			working.Go(func() {
				defer close(enough)
				if err := during(ctx); err != nil {
					cancel(err)
				}
			})
		})
	}))
	cancel(nil)
	working.Wait()
	return result, err
}
