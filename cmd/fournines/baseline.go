package main

import (
	"fmt"
	"slices"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

func addBaseline(flags *pflag.FlagSet, path *string) {
	flags.StringVar(path, "baseline", "", "folder of an earlier run: fail when this one is worse")
}

// baselineRun reads the run that a candidate is compared with; nil when none
// is asked for.
func baselineRun(path string) (*harness.BaselineRun, error) {
	if path == "" {
		return nil, nil
	}
	dir, err := reports.OpenDir(path)
	if err != nil {
		return nil, usage(fmt.Errorf("--baseline: %w", err))
	}
	evidence, err := savedEvidence(dir)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	return &harness.BaselineRun{Ref: dir.RunID(), Trials: evidence}, nil
}

// against are trials as if their run had named the baseline when it began: its
// summary takes the place of the one that they were recorded with, and the
// comparisons count among the declared checks. Without a baseline it is the
// evidence as it is.
func against(baseline *harness.BaselineRun, evidence []harness.Evidence) []harness.Evidence {
	if baseline == nil {
		return evidence
	}
	var scenarios []harness.Scenario
	summaries := map[string]*harness.BaselineSummary{}
	for _, ev := range evidence {
		if s := ev.Plan.Scenario; summaries[s.Name] == nil {
			summary := baseline.Summary(s)
			summaries[s.Name], scenarios = &summary, append(scenarios, s)
		}
	}
	held := slices.Clone(evidence)
	for i := range held {
		terms := &held[i].Terms
		terms.Checks = max(terms.Checks, harness.Checks(scenarios, terms.Tier, true))
		terms.Baseline = summaries[held[i].Plan.Scenario.Name]
	}
	return held
}
