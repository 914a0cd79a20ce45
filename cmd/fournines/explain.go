package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/scenarios"
)

const explainLong = `Says what a scenario claims, does and may cost, with its file to start your own
from; how a fault works, how its effect is proved and how it is undone; and
with ` + "`fournines explain scenario`" + ` every field that a scenario file can have.`

const explainExamples = `  fournines explain catalog-replica-kill   a scenario of the catalogue
  fournines explain my-scenario.yaml       one of your own
  fournines explain container-pause        a fault
  fournines explain scenario               every field of a scenario file
  fournines explain platform               its parts, and what it is like without a feature`

func newExplain(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "explain SCENARIO|FILE|FAULT",
		Short:   "Say what a scenario claims and does, how a fault works, what a file can hold",
		Long:    explainLong,
		Example: explainExamples,
		Args:    arguments(1, 1, "the name of a scenario or a fault"),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == referenceTopic {
				return a.explainReference()
			}
			if args[0] == platformTopic {
				return a.explainPlatform()
			}
			if kind, ok := fault.Lookup(args[0]); ok {
				a.explainFault(kind)
				if !slices.Contains(scenarios.Names(), args[0]) {
					return nil
				}
				a.printf("\nThere is a scenario of the same name:\n\n")
			}
			if !looksLikeFile(args[0]) && !slices.Contains(scenarios.Names(), args[0]) {
				return unknown("scenario or fault", args[0], explainable(), "want one of "+strings.Join(explainable(), ", ")+", or a file")
			}
			s, err := findScenario(args[0], nil)
			if err != nil {
				return usage(err)
			}
			return a.explainScenario(s, looksLikeFile(args[0]))
		},
	}
}

// explainable is every name that can be explained.
func explainable() []string {
	names := slices.Concat(scenarios.Names(), fault.Actions(), []string{referenceTopic, platformTopic})
	slices.Sort(names)
	return slices.Compact(names)
}

// explainScenario prints what s is about; the text of its file follows unless
// it came from a file that the person has already.
func (a *app) explainScenario(s harness.Scenario, own bool) error {
	a.printf("%s\n\n", s.Name)
	for _, line := range wrapText("It claims: "+s.Hypothesis+".", 78) {
		a.printf("%s\n", line)
	}
	if wanted := stackText(s); wanted != "" {
		a.printf("\n  stack     %s", wanted)
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
	a.printHow(kind, "")
	with, without := kind.Companions()
	a.printf("overlap   ")
	a.printf("%s\n", strings.Join(wrapText(overlapText(kind.Class, with, without), 68), fmt.Sprintf("\n%10s", "")))
	for _, p := range kind.Params {
		standard := ""
		if p.Required {
			standard = " (required)"
		}
		if p.Default != "" {
			standard = " (default " + p.Default + ")"
		}
		a.printf("\n  %s  %s%s\n    %s\n", p.Name, p.Explain, standard, p.Form())
	}
	a.printf("\nIn a scenario:\n\n%s\n", indent(kind.Example))
}

// overlapText says which other faults may be in effect beside one of class.
func overlapText(class fault.Class, with, without []fault.Class) string {
	text := fmt.Sprintf("class %s: on one replica at the same time as %s", class, listOf(with))
	if len(without) > 0 {
		text += "; not as " + listOf(without)
	}
	return text
}

// listOf names classes with the actions that are of them.
func listOf(classes []fault.Class) string {
	var all []string
	for _, c := range classes {
		var actions []string
		for _, k := range fault.Catalogue() {
			if k.Class == c {
				actions = append(actions, k.Action)
			}
		}
		if len(actions) > 0 {
			all = append(all, fmt.Sprintf("%s (%s)", c, strings.Join(actions, ", ")))
		}
	}
	if len(all) == 0 {
		return "nothing"
	}
	return strings.Join(all, ", ")
}

// printHow prints how a fault works, is proved and undone, each line after
// margin.
func (a *app) printHow(kind fault.Kind, margin string) {
	const column = 10
	for _, part := range [...]struct{ name, text string }{{"method", kind.Explain}, {"by", kind.Method}, {"proof", kind.Proof}, {"undo", kind.Undone}} {
		for i, line := range wrapText(part.text, 78-len(margin)-column) {
			if i > 0 {
				part.name = ""
			}
			a.printf("%s%-*s%s\n", margin, column, part.name, line)
		}
	}
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
