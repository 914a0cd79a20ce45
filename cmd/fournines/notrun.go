package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/fournines/fournines/harness"
)

// notRun is the evidence of a trial that was never started, because of cause:
// it makes the scenario invalid instead of leaving it out. It is written to
// sink, so that judging the file again comes to the same.
func (r *runner) notRun(plan harness.Plan, terms harness.Terms, cause error, sink io.Writer) harness.Evidence {
	ev := harness.Evidence{
		Header: harness.Header{
			Schema: harness.EvidenceSchema, RunID: r.dir.RunID(), Plan: plan, Tool: r.choice.tool(), Terms: terms,
			Environment: r.choice.environment(r.choice.kind), Start: time.Now().Round(0),
			Command: r.commandOf(plan),
			Stack:   harness.StackInfo{Kind: r.choice.kind, Banner: r.choice.banner},
		},
		End: harness.End{Reason: harness.Interrupted, Detail: cause.Error()},
	}
	if _, interrupted := errors.AsType[signalled](cause); !interrupted {
		ev.End.Reason = harness.Aborted
		code := harness.HarnessError
		if _, pulled := errors.AsType[leverPulled](cause); pulled {
			code = harness.SafetyLever
		}
		ev.Problems = []harness.Problem{{Code: code, Detail: "not run: " + cause.Error()}}
	}
	if err := harness.WriteEvidence(sink, ev); err != nil {
		r.display.say("%v", err)
	}
	return ev
}

// allNotRun judges every scenario of a run whose stack was never there.
func (r *runner) allNotRun(ctx context.Context, sink io.Writer, cause error) error {
	if ctx.Err() != nil {
		cause = context.Cause(ctx)
	}
	next := 0
	var problems []error
	for _, c := range r.chosen {
		var trials []harness.Evidence
		for _, plan := range r.plans[next : next+c.trials] {
			trials = append(trials, r.notRun(plan, c.terms, cause, sink))
		}
		next += c.trials
		problems = append(problems, r.judge(c.Scenario, trials))
	}
	return errors.Join(problems...)
}
