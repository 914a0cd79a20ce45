package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/suggest"
	"github.com/fournines/fournines/scenarios"
)

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "explain SCENARIO|FILE|FAULT",
		Short:   "Say what a scenario claims and does, or how a fault works",
		Example: "  fournines explain catalog-replica-kill\n  fournines explain container-pause\n  fournines explain my-scenario.yaml",
		Args:    arguments(1, 1, "the name of a scenario or a fault"),
		RunE: func(_ *cobra.Command, args []string) error {
			if kind, ok := fault.Lookup(args[0]); ok {
				a.explainFault(kind)
				return nil
			}
			s, err := findScenario(args[0])
			if err != nil {
				return usage(alsoFaults(err, args[0]))
			}
			return a.explainScenario(s, looksLikeFile(args[0]))
		},
	}
}

// alsoFaults adds the nearest fault to the error for a name that is neither.
func alsoFaults(err error, name string) error {
	if near, ok := suggest.Nearest(name, fault.Actions()); ok && !looksLikeFile(name) {
		return fmt.Errorf("unknown scenario or fault %q; did you mean %q?", name, near)
	}
	return err
}

// explainScenario prints what s is about; the text of its file follows unless
// it came from a file that the person has already.
func (a *app) explainScenario(s harness.Scenario, own bool) error {
	a.printf("%s\n\n", s.Name)
	for _, line := range wrapText("It claims: "+s.Hypothesis+".", 78) {
		a.printf("%s\n", line)
	}
	a.printf("\n  load      %s\n  stages    %s (%s)\n", loadText(s.Load), stagesText(s.Stages), s.Stages.Total())
	for _, f := range s.Faults {
		a.printf("  fault     %s\n", faultText(f, s.Stages.Disruption))
	}
	if len(s.Faults) == 0 {
		a.printf("  fault     none: the undisturbed stack is judged\n")
	}
	for _, line := range limitTexts(s) {
		a.printf("  limit     %s\n", line)
	}
	if len(s.Faults) > 0 {
		a.printf("  safety    %s\n", safetyText(s))
	}
	for _, tier := range slices.Sorted(maps.Keys(s.Trials)) {
		a.printf("  trials    %d in suite %s\n", s.Trials[tier], tier)
	}
	if s.RiskClass != "" {
		a.printf("  risk      %s\n", s.RiskClass)
	}
	if own {
		return nil
	}
	source, err := scenarios.Source(s.Name)
	if err != nil {
		return environment(err)
	}
	a.printf("\nIts file, to start your own from:\n\n%s\n", indent(string(source)))
	return nil
}

func (a *app) explainFault(kind fault.Kind) {
	a.printf("%s: %s\n\n", kind.Action, kind.Summary)
	for _, line := range wrapText(kind.Explain, 78) {
		a.printf("%s\n", line)
	}
	for _, p := range kind.Params {
		a.printf("\n  %s  %s (default %s)\n", p.Name, p.Explain, p.Default)
		if len(p.Values) > 0 {
			a.printf("    one of %s\n", strings.Join(p.Values, ", "))
		}
	}
	a.printf("\nIn a scenario:\n\n%s\n", indent(kind.Example))
}

// indent puts four spaces before every line of text.
func indent(text string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "    " + line
		}
	}
	return strings.Join(lines, "\n")
}
