package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

func addBaseline(flags *pflag.FlagSet, path *string) {
	flags.StringVar(path, "baseline", "", "folder of an earlier run: fail when this one is worse (judge DIR needs it again)")
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
