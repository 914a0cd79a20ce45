package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newValidate(a *app) *cobra.Command {
	var asJSON bool
	var risks string
	cmd := &cobra.Command{
		Use:     "validate FILE ...",
		Short:   "Check scenarios, objectives and risk catalogues: every problem with file, line and column",
		Example: "  fournines validate my-scenario.yaml\n  fournines validate scenarios/*.yaml\n  fournines validate my-risks.yaml shop.yaml   a risk catalogue, an OpenSLO file",
		Args:    arguments(1, -1, "a scenario, OpenSLO or risk catalogue file"),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.validate(args, risks, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	addRisks(cmd.Flags(), &risks, "the one that ships")
	return cmd
}

// validate checks all files, whatever is wrong with one of them. The class of
// a scenario's risk is looked up in the catalogue of risksFile.
func (a *app) validate(files []string, risksFile string, asJSON bool) error {
	risks, err := risksOf(risksFile)
	if err != nil {
		return err
	}
	var results []validated
	invalid := 0
	for _, file := range files {
		result := validateFile(file, risks)
		if !result.Valid {
			invalid++
		}
		results = append(results, result)
		switch {
		case asJSON:
		case !result.Valid:
			fmt.Fprintln(a.err, result.Problems)
		default:
			for _, w := range result.Warnings {
				fmt.Fprintln(a.err, w)
			}
			a.printf("%s: valid %s\n", file, result.what)
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
		return usage(fmt.Errorf("%s is not a valid %s", files[0], results[0].Kind))
	}
	return usage(fmt.Errorf("%d of %d files are not valid", invalid, len(files)))
}
