package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness/spec"
)

func newValidate(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "validate FILE ...",
		Short:   "Check scenario files; every problem at once, with file, line and column",
		Example: "  fournines validate my-scenario.yaml\n  fournines validate scenarios/*.yaml",
		Args:    arguments(1, -1, "a scenario file"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.validate(args, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

// validated is the result for one file.
type validated struct {
	File     string `json:"file"`
	Valid    bool   `json:"valid"`
	Scenario string `json:"scenario,omitempty"`
	// Problems is what is wrong, for people: one per line.
	Problems string `json:"problems,omitempty"`
	// Warnings is what is allowed and yet keeps a run from proving something.
	Warnings []string `json:"warnings,omitempty"`
}

// validate checks all files, whatever is wrong with one of them. A scenario is
// also resolved against the reference platform, so that a fault without a
// target is found here and not in a run.
func (a *app) validate(files []string, asJSON bool) error {
	var results []validated
	invalid := 0
	for _, file := range files {
		s, warnings, err := spec.Check(file, referenceTargets())
		result := validated{File: file, Valid: err == nil, Scenario: s.Name}
		for _, w := range warnings {
			result.Warnings = append(result.Warnings, w.Error())
		}
		if err != nil {
			invalid++
			result.Problems = err.Error()
		}
		results = append(results, result)
		if asJSON {
			continue
		}
		if err != nil {
			fmt.Fprintln(a.err, err)
		} else {
			for _, w := range result.Warnings {
				fmt.Fprintln(a.err, w)
			}
			a.printf("%s: valid scenario %q\n", file, s.Name)
		}
	}
	if asJSON {
		if err := a.result(results); err != nil {
			return err
		}
	}
	switch {
	case invalid == 0:
		return nil
	case asJSON:
		return exited(exitUsage)
	case len(files) == 1:
		return usage(fmt.Errorf("%s is not a valid scenario", files[0]))
	}
	return usage(fmt.Errorf("%d of %d files are not valid scenarios", invalid, len(files)))
}
