package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

const judgeLong = `Judges the saved evidence of a run again, without the stack. It comes to the
same result as the run did; what the run was compared with (run --baseline) is
in its evidence. The evidence of a run that was killed is judged as far as it
goes: what was cut short is invalid. --baseline compares with another run, and
changes nothing in DIR.

` + exitHelp

func newJudge(a *app) *cobra.Command {
	var asJSON, write bool
	var baseline, risks string
	cmd := &cobra.Command{
		Use:   "judge DIR",
		Short: "Judge the saved evidence of a run again",
		Long:  judgeLong,
		Example: `  fournines judge reports/runs/20261123-081502-9f3ab2
  fournines judge reports/runs/20261123-081502-9f3ab2 --write   and write its reports anew`,
		Args: arguments(1, 1, "the run's folder"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.judge(args[0], baseline, risks, asJSON, write)
		},
	}
	addBaseline(cmd.Flags(), &baseline)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	cmd.Flags().BoolVar(&write, "write", false, "write the reports in DIR anew")
	addRisks(cmd.Flags(), &risks, "the one of the run")
	return cmd
}

func (a *app) judge(path, baselinePath, risksFile string, asJSON, write bool) error {
	if write && baselinePath != "" {
		return usage(errors.New("--write with --baseline: want one of them; the reports in DIR say what its own evidence comes to, and `fournines run --baseline` puts a baseline into that"))
	}
	dir, err := reports.OpenDir(path)
	if err != nil {
		return usage(err)
	}
	evidence, err := savedEvidence(dir)
	if err != nil {
		return err
	}
	risks, err := savedRisks(dir, risksFile)
	if err != nil {
		return err
	}
	baseline, err := baselineRun(baselinePath)
	if err != nil {
		return err
	}
	evidence = against(baseline, evidence)
	verdicts := judgeAll(evidence)
	year := yearOf(verdicts, evidence, risks)
	report := ""
	if write {
		if err := dir.Write(verdicts, evidence, year); err != nil {
			return environment(err)
		}
		report = dir.File(reports.HTMLFile)
	}
	code := verdictCode(worstOf(verdicts), "report")
	if slices.ContainsFunc(evidence, faultRemains) {
		code = exitNotRemoved
	}
	if asJSON {
		result := runResult{RunID: dir.RunID(), Directory: dir.Path(), Outcome: worstOf(verdicts), ExitCode: code, Verdicts: verdicts, Year: year}
		if err := a.result(result); err != nil {
			return err
		}
		return exited(code)
	}
	err = reports.Terminal(a.out, verdicts, reports.TerminalOptions{
		Color: a.place.colourOut, Width: width(a.out), ReportPath: report, Evidence: evidence, Year: year,
	})
	if err != nil {
		return environment(err)
	}
	return exited(code)
}

// savedEvidence reads all trials of a run. A trial that was planned and left
// nothing, because the run was killed before it, is in it as killed: it is
// never passed over.
func savedEvidence(dir *reports.Dir) ([]harness.Evidence, error) {
	plans, err := dir.Plans()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, environment(err)
	}
	file, err := dir.OpenEvidence()
	switch {
	case errors.Is(err, fs.ErrNotExist) && len(plans) > 0:
		return withMissing(nil, plans, dir.RunID()), nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, usage(fmt.Errorf("judge %q: want the folder of a run, with its %s; runs are in reports/runs unless --out said otherwise", dir.Path(), reports.EvidenceFile))
	case err != nil:
		return nil, environment(err)
	}
	defer file.Close()
	evidence, err := harness.ReadEvidence(file)
	if damage, ok := errors.AsType[*harness.DamagedError](err); ok {
		return nil, environment(fmt.Errorf("%s:%d: the evidence is damaged, so nothing is judged: %w", dir.File(reports.EvidenceFile), damage.Line, damage.Err))
	}
	if err != nil {
		return nil, environment(fmt.Errorf("judge %q: %w", dir.Path(), err))
	}
	evidence = withMissing(evidence, plans, dir.RunID())
	if len(evidence) == 0 {
		return nil, usage(fmt.Errorf("judge %q: %s holds no trial: want the folder of a run", dir.Path(), reports.EvidenceFile))
	}
	return evidence, nil
}

// withMissing adds a killed trial for every plan that evidence has nothing of,
// in the order of the plans.
func withMissing(evidence []harness.Evidence, plans []harness.Plan, runID string) []harness.Evidence {
	for _, plan := range plans {
		if !slices.ContainsFunc(evidence, func(ev harness.Evidence) bool {
			return ev.Plan.Trial == plan.Trial && ev.Plan.Scenario.Name == plan.Scenario.Name
		}) {
			header := harness.Header{Schema: harness.EvidenceSchema, RunID: runID, Plan: plan}
			evidence = append(evidence, harness.Evidence{Header: header})
		}
	}
	return evidence
}

// judgeAll judges the trials of every scenario together, scenarios in the order
// of their first trial.
func judgeAll(evidence []harness.Evidence) []harness.Verdict {
	var names []string
	trials := make(map[string][]harness.Evidence)
	for _, ev := range evidence {
		name := ev.Plan.Scenario.Name
		if trials[name] == nil {
			names = append(names, name)
		}
		trials[name] = append(trials[name], ev)
	}
	var verdicts []harness.Verdict
	for _, name := range names {
		verdict := harness.Judge(trials[name][0].Plan.Scenario, trials[name], nil)
		verdict.RunID = trials[name][0].RunID
		verdicts = append(verdicts, verdict)
	}
	return harness.JudgeRun(verdicts).Verdicts
}
