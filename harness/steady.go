package harness

import (
	"context"
	"fmt"
	"time"
)

// awaitSteady runs the steady-state probes under load for the given time; all
// must hold in the last round, and traffic must flow.
func (t *trial) awaitSteady(ctx context.Context, bg *background, length time.Duration) error {
	until := t.rec.now() + length
	for {
		round := t.rec.now()
		failed := t.probe(ctx)
		if round >= until {
			if failed != "" {
				t.rec.problem(SteadyStateNotMet, "%s", failed)
				return fmt.Errorf("%w: steady state not met: %s", errAbort, failed)
			}
			return t.checkTraffic(0, 0)
		}
		if err := t.waitUntil(ctx, bg, min(until, round+steadyEvery)); err != nil {
			return err
		}
	}
}

// checkTraffic demands that requests were answered well since the counts
// given.
func (t *trial) checkTraffic(scheduledBefore, badBefore int) error {
	scheduled, bad, _ := t.rec.counts()
	n, k := scheduled-scheduledBefore, bad-badBefore
	if t.stage == Steady && t.plan.Scenario.Stages.Steady == 0 {
		return nil // there was no time for traffic
	}
	var detail string
	switch {
	case n == 0:
		detail = fmt.Sprintf("no request was answered in stage %s: expected %g per second", t.stage, t.plan.Scenario.Load.Rate)
	case float64(n-k)/float64(n) < steadyGood:
		detail = fmt.Sprintf("%d of %d requests failed in stage %s: expected at least %g %% good before a fault is injected",
			k, n, t.stage, 100*steadyGood)
	default:
		return nil
	}
	if len(t.plan.Injections) == 0 && n > 0 {
		return nil // nothing will be injected: the failures are the finding
	}
	t.rec.problem(SteadyStateNotMet, "%s", detail)
	return fmt.Errorf("%w: %s", errAbort, detail)
}

// checkProbes records the state of the stack at the end of a trial.
func (t *trial) checkProbes(ctx context.Context) error {
	t.probe(ctx)
	return context.Cause(ctx)
}

// probe asks every steady-state probe once and returns what the first failing
// one said; "" when all hold.
func (t *trial) probe(ctx context.Context) (failed string) {
	for _, p := range t.rig.Steady {
		c := CheckRecord{Probe: p.String(), Stage: t.stage, At: t.rec.now(), OK: true}
		if err := p.Check(ctx); err != nil {
			c.OK, c.Detail = false, err.Error()
			if failed == "" {
				failed = fmt.Sprintf("%s: %v", p, err)
			}
		}
		t.rec.write(record{Check: &c})
	}
	return failed
}
