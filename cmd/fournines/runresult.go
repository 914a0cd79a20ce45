package main

import (
	"slices"

	"github.com/fournines/fournines/harness"
)

// runResult is the form of `fournines run --json` and `fournines judge --json`.
type runResult struct {
	RunID     string            `json:"runId"`
	Directory string            `json:"directory"`
	Outcome   harness.Outcome   `json:"outcome"`
	ExitCode  int               `json:"exitCode"`
	Verdicts  []harness.Verdict `json:"verdicts"`
	// Year is advisory; missing where nothing was broken on purpose.
	Year *harness.YearBudget `json:"year,omitempty"`
}

func (r *runner) result(code int) runResult {
	return runResult{
		RunID: r.dir.RunID(), Directory: r.dir.Path(), Outcome: worstOf(r.verdicts),
		ExitCode: code, Verdicts: r.verdicts, Year: r.year(),
	}
}

func worstOf(verdicts []harness.Verdict) harness.Outcome {
	return harness.JudgeRun(verdicts).Outcome
}

// exitCode is the run's exit code. What is left behind counts first, then the
// signal that ended the run, then an error of the harness, then the verdicts.
func (r *runner) exitCode(onInconclusive string, runErr error) int {
	if slices.ContainsFunc(r.evidence, faultRemains) {
		return exitNotRemoved
	}
	if s := r.in.signal(); s != nil {
		return signalCode(s)
	}
	code := verdictCode(worstOf(r.verdicts), onInconclusive)
	if code == exitMissed {
		return code
	}
	if runErr != nil {
		return exitCode(runErr)
	}
	if r.downErr != nil {
		return exitInvalid
	}
	return code
}

// verdictCode is the exit code of an outcome, that of an inconclusive one as
// --on-inconclusive says.
func verdictCode(o harness.Outcome, onInconclusive string) int {
	if code, ok := inconclusiveCode(onInconclusive); ok && o == harness.Inconclusive {
		return code
	}
	return outcomeCode(o)
}

// inconclusiveCode is what a value of --on-inconclusive stands for; false when
// there is no such value.
func inconclusiveCode(value string) (code int, ok bool) {
	switch value {
	case "report":
		return exitInconclusive, true
	case "fail":
		return exitMissed, true
	case "warn", "pass":
		return exitPass, true
	}
	return 0, false
}

// faultRemains reports whether a trial ended with a fault that was injected
// and not seen removed. Of a trial that was killed nobody knows: it is invalid
// for that reason already.
func faultRemains(ev harness.Evidence) bool {
	return ev.End.Reason != harness.Killed && slices.ContainsFunc(ev.Injections, func(i harness.InjectionRecord) bool {
		return i.InjectedAt > 0 && !i.Removed
	})
}
