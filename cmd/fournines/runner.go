package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/rig"
	"github.com/fournines/fournines/reports"
	"github.com/fournines/fournines/stack"
)

// downTimeout bounds the removal of a stack.
const downTimeout = 90 * time.Second

// runner is one run: it brings the stack up once, runs all trials against it,
// judges and writes after each scenario, and takes the stack down whatever
// happens.
type runner struct {
	display display
	in      *interrupts
	dir     *reports.Dir
	choice  stackChoice
	chosen  []chosen
	seed    uint64
	// again is the command line that runs one of the scenarios again.
	again func(chosen) []string
	plans []harness.Plan
	// replayed is true when the plans are those of an earlier run, and no
	// choice is made anew.
	replayed bool
	risks    harness.RiskCatalogue
	// tier is how sure the run wants to be of injections; empty for none.
	tier    string
	history history
	// whole runs every trial to its planned end.
	whole bool
	// baseline is what the run is compared with; nil for nothing.
	baseline *harness.BaselineRun
	// caps bound what may be hit at once, levers can stop the run, and load
	// may go to allowHosts.
	caps       harness.Caps
	levers     []harness.Probe
	allowHosts []string
	// outside is monitoring that does not belong to the stack.
	outside rig.Outside
	// logs say what is done with what the stack logs, collector does it while the
	// stack is up.
	logs      logFlags
	collector *collector
	// guard makes sure that faults end without this process; nil for a stack
	// that needs none.
	guard func(context.Context) (*guard, error)
	// journal is what the guard writes faults into.
	journal harness.Journal
	// up brings the stack up; on an error nothing is left behind.
	up func(context.Context) (stack.Stack, error)

	// What the run came to.
	verdicts []harness.Verdict
	evidence []harness.Evidence
	// unreported is true when reports were skipped or could not be written.
	unreported bool
	// downErr says what could not be removed.
	downErr error
}

// run returns an error for what the harness, not the stack, did wrong. A panic
// becomes such an error, with its stack in the run directory, after the stack
// was taken down; what was recorded until then is judged.
func (r *runner) run(ctx context.Context) (err error) {
	sink := r.dir.Evidence()
	defer func() {
		if p := recover(); p != nil {
			err = environment(fmt.Errorf("internal error: %v; %s", p, r.savePanic(p, debug.Stack())))
			err = errors.Join(err, r.rejudge())
		}
		err = errors.Join(err, sink.Close())
	}()
	closeGuard, err := r.openGuard(ctx)
	if err != nil {
		return errors.Join(r.explainUp(ctx, err), r.allNotRun(ctx, sink, err))
	}
	defer closeGuard()
	st, err := r.up(ctx)
	if err != nil {
		return errors.Join(r.explainUp(ctx, err), r.allNotRun(ctx, sink, err))
	}
	defer func() { r.collector.deliver() }() // the stack does not wait for that
	defer r.down(ctx, st)
	r.collector = r.collectLogs(ctx, st)
	defer r.collector.stop()
	if r.replayed {
		err = replayable(r.plans, rig.Targets(st))
	} else {
		r.plans, err = resolveAll(r.chosen, r.seed, rig.Targets(st), r.caps)
	}
	if err != nil {
		return errors.Join(err, r.allNotRun(ctx, sink, err))
	}
	if err := r.dir.WritePlans(r.plans); err != nil {
		return environment(err)
	}
	if err := r.setTerms(st); err != nil {
		return errors.Join(err, r.allNotRun(ctx, sink, err))
	}
	return r.scenarios(ctx, st, sink)
}

// scenarios runs every scenario. After a signal or an error of the harness the
// remaining ones are recorded as not run.
func (r *runner) scenarios(ctx context.Context, st stack.Stack, sink io.Writer) error {
	next := 0
	var stopped error
	for _, c := range r.chosen {
		var trials []harness.Evidence
		for ; len(trials) < c.trials; next++ {
			if stopped == nil && ctx.Err() != nil {
				stopped = context.Cause(ctx)
			}
			if stopped == nil && r.enough(c, trials) {
				stopped = r.dropPlans(next, c.trials-len(trials))
				break
			}
			if stopped != nil {
				trials = append(trials, r.notRun(r.plans[next], c.terms, stopped, sink))
				continue
			}
			ev, err := r.trial(ctx, next, c, trials, st, sink)
			if err == nil && ev.End.Code == harness.SafetyLever {
				err = leverPulled{ev.End.Detail}
			}
			trials, stopped = append(trials, ev), err
		}
		if err := r.judge(c.Scenario, trials); err != nil && stopped == nil {
			stopped = err
		}
	}
	if _, ok := errors.AsType[signalled](stopped); ok || stopped == nil {
		return nil
	}
	return environment(stopped)
}

func timeOf(plans []harness.Plan) time.Duration {
	var total time.Duration
	for _, p := range plans {
		total += p.Scenario.Stages.Total()
	}
	return total
}

// trial runs the trial of one plan after the earlier ones of its scenario; its
// error is the harness's own.
func (r *runner) trial(ctx context.Context, at int, c chosen, earlier []harness.Evidence, st stack.Stack, sink io.Writer) (harness.Evidence, error) {
	plan, err := r.settle(ctx, at, st)
	if err != nil {
		return r.notRun(plan, c.terms, err, sink), err
	}
	after := timeOf(r.plans[at+1:])
	live, err := rig.New(plan, st, r.allowHosts...)
	if err != nil {
		return r.notRun(plan, c.terms, err, sink), err
	}
	letGo, err := r.outside.Join(ctx, &live)
	defer letGo()
	if err != nil {
		return r.notRun(plan, c.terms, err, sink), err
	}
	live.Stack.Banner = r.choice.banner
	defer r.display.trialEnded()
	options := []harness.Option{
		harness.WithRunID(r.dir.RunID()),
		harness.WithTool(r.choice.tool()),
		harness.WithCommand(r.commandOf(plan)),
		harness.WithEnvironment(r.choice.environment(st.Kind())),
		harness.WithTerms(c.terms),
		harness.WithSink(sink),
		harness.WithScratch(r.dir.Path()),
		harness.WithStarted(r.collector.begin),
		harness.WithLevers(r.levers...),
		harness.WithProgress(func(p harness.Progress) {
			r.display.trial(trialView{plan: plan, trials: c.trials, after: after, Progress: p})
		}),
	}
	if r.journal != nil {
		options = append(options, harness.WithJournal(r.journal))
	}
	if !r.whole {
		options = append(options, harness.WithStop(stopRule(c, earlier)))
	}
	return harness.Run(ctx, plan, live, options...)
}

// judge adds a scenario's verdict and writes all reports anew.
func (r *runner) judge(s harness.Scenario, trials []harness.Evidence) error {
	verdict := harness.Judge(s, trials, nil) // against the baseline in its evidence
	verdict.RunID = r.dir.RunID()
	r.verdicts = harness.JudgeRun(append(r.verdicts, verdict)).Verdicts
	r.evidence = append(r.evidence, trials...)
	if len(r.chosen) > 1 {
		r.display.say("%s: %s", s.Name, verdict.Outcome)
	}
	if r.in.hurry() {
		r.unreported = true
		return nil
	}
	r.collector.flush()
	if err := r.dir.Write(r.verdicts, r.evidence, r.year()); err != nil {
		r.unreported = true
		return fmt.Errorf("write reports: %w", err)
	}
	r.unreported = false
	return nil
}

// rejudge judges what is on disk: a trial that was cut short is invalid, and
// so is one that was planned and left nothing.
func (r *runner) rejudge() error {
	evidence, err := savedEvidence(r.dir)
	if err != nil {
		return err
	}
	r.evidence, r.verdicts = evidence, judgeAll(evidence)
	if err := r.dir.Write(r.verdicts, r.evidence, r.year()); err != nil {
		r.unreported = true
		return fmt.Errorf("write reports: %w", err)
	}
	return nil
}

// year is what the faults so far would cost in a year.
func (r *runner) year() *harness.YearBudget { return yearOf(r.verdicts, r.evidence, r.risks) }

// savePanic writes the stack of a panic into the run directory and says where
// it is.
func (r *runner) savePanic(p any, trace []byte) string {
	path := r.dir.File("panic.txt")
	if err := os.WriteFile(path, fmt.Appendf(nil, "panic: %v\n\n%s", p, trace), 0o644); err != nil {
		return fmt.Sprintf("its stack could not be saved (%v):\n%s", err, trace)
	}
	return "its stack is in " + path
}
