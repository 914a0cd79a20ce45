package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/reports"
)

// observation is one run of `fournines observe`.
type observation struct {
	display display
	dir     *reports.Dir
	plan    harness.Plan
	rig     harness.Rig
	// again is the command line that observes once more.
	again []string
	// enough ends the observation when it is closed.
	enough chan struct{}

	// What it came to.
	verdicts []harness.Verdict
	evidence []harness.Evidence
	// unreported is true when the reports could not be written.
	unreported bool
}

// run measures, judges and writes the reports. Its error is the harness's own;
// what was recorded until then is judged all the same.
func (o *observation) run(ctx context.Context) error {
	sink := o.dir.Evidence()
	ev, err := harness.Run(ctx, o.plan, o.rig,
		harness.WithRunID(o.dir.RunID()),
		harness.WithTool(runTool()),
		harness.WithEnvironment(fingerprint(rig.EndpointKind)),
		harness.WithCommand(o.again),
		harness.WithSink(sink),
		harness.WithScratch(o.dir.Path()),
		harness.WithStop(harness.StopWhen(o.enough, "ended by a signal")),
		harness.WithProgress(o.progress))
	o.display.trialEnded()
	err = errors.Join(err, sink.Close())
	o.evidence = []harness.Evidence{ev}
	o.verdicts = judgeAll(o.evidence)
	if writeErr := o.dir.Write(o.verdicts, o.evidence, nil); writeErr != nil {
		o.unreported = true
		err = errors.Join(err, fmt.Errorf("write reports: %w", writeErr))
	}
	if err != nil {
		return environment(err)
	}
	return nil
}

// progress shows the observation; the stage before it has no length.
func (o *observation) progress(p harness.Progress) {
	if p.Stage != harness.Steady {
		o.display.trial(trialView{plan: o.plan, trials: 1, Progress: p})
	}
}

// patience takes signals: the first ends the observation with a report, the
// second leaves at once through quit. Nothing is left behind then but the
// evidence as far as it went.
func (o *observation) patience(quit func(code int)) func(os.Signal) {
	var count atomic.Int32
	var first echo
	return func(s os.Signal) {
		if first.hears(s) {
			return
		}
		switch count.Add(1) {
		case 1:
			o.display.say("%s: ending the observation; waiting up to %s for the last answers (again: leave at once)",
				signalName(s), o.plan.Scenario.Load.Timeout)
			close(o.enough)
		default:
			o.display.say("%s: leaving at once; `fournines judge %s` judges what was recorded", signalName(s), o.dir.Path())
			quit(signalCode(s))
		}
	}
}

// presentObservation prints the result and decides the exit code.
func (a *app) presentObservation(f observeFlags, o *observation, runErr error) error {
	outcome := worstOf(o.verdicts)
	code := verdictCode(outcome, "report")
	if runErr != nil {
		a.explain(runErr)
		if code != exitMissed {
			code = exitCode(runErr)
		}
	}
	if f.json {
		result := runResult{RunID: o.dir.RunID(), Directory: o.dir.Path(), Outcome: outcome, ExitCode: code, Verdicts: o.verdicts}
		if err := a.result(result); err != nil {
			return err
		}
		return exited(code)
	}
	report := o.dir.File(reports.HTMLFile)
	if o.unreported {
		report = ""
	}
	err := reports.Terminal(a.out, o.verdicts, reports.TerminalOptions{
		Color: a.place.colourOut, Width: width(a.out), ReportPath: report, Evidence: o.evidence,
	})
	if err != nil {
		return environment(err)
	}
	return exited(code)
}
