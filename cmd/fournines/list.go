package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/scenarios"
	"github.com/fournines/fournines/stack"
)

func newList(a *app) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the scenarios and the faults there are",
		Example: "  fournines list\n  fournines list --json",
		Args:    arguments(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			all, err := scenarios.All()
			if err != nil {
				return environment(err)
			}
			if asJSON {
				return a.listJSON(all)
			}
			return a.list(all)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the result as JSON")
	return cmd
}

func (a *app) list(all []harness.Scenario) error {
	w := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SCENARIO\tTAKES\tSUITES\tSTATEMENT")
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Name, s.Stages.Total(), strings.Join(s.Labels["suite"], ","), s.Hypothesis)
	}
	err := w.Flush()
	a.printf("\n")
	faults := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(faults, "FAULT\tWHAT IT DOES")
	for _, kind := range fault.Catalogue() {
		fmt.Fprintf(faults, "%s\t%s\n", kind.Action, kind.Summary)
	}
	err = errors.Join(err, faults.Flush())
	a.printf("\n")
	features := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(features, "FEATURE\tWHAT THE PLATFORM IS LIKE WITHOUT IT (run --without FEATURE)")
	for _, f := range stack.Features() {
		fmt.Fprintf(features, "%s\t%s\n", f, stack.Lacking(f))
	}
	if err := errors.Join(err, features.Flush()); err != nil {
		return environment(fmt.Errorf("write the list: %w", err))
	}
	a.printf("\n`fournines explain NAME` says more about each, `fournines explain scenario` how to write your own.\n")
	return nil
}

func (a *app) listJSON(all []harness.Scenario) error {
	type listedFault struct {
		Action  string `json:"action"`
		Summary string `json:"summary"`
	}
	var faults []listedFault
	for _, kind := range fault.Catalogue() {
		faults = append(faults, listedFault{kind.Action, kind.Summary})
	}
	return a.result(struct {
		Scenarios []harness.Scenario `json:"scenarios"`
		Faults    []listedFault      `json:"faults"`
		Features  []string           `json:"features"`
	}{all, faults, stack.Features()})
}
