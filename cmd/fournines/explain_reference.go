package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
)

// referenceTopic is the word for the reference of scenario files.
const referenceTopic = "scenario"

// explainReference prints every field that a scenario file can have, and what
// the modes of a target mean.
func (a *app) explainReference() error {
	a.printf("A scenario is a YAML file. These are all its fields; any other is refused.\n" +
		"`fournines explain catalog-replica-kill` shows a whole file, `fournines validate FILE` checks yours.\n")
	for _, f := range spec.Reference() {
		a.printField(f)
	}
	a.printf("\nTarget modes (faults[].target.mode)\n")
	notes := spec.ModeNotes()
	for _, mode := range harness.Modes() {
		for i, line := range wrapText(notes[mode], 57) {
			if i > 0 {
				mode = ""
			}
			a.printf("  %-20s%s\n", mode, line)
		}
	}
	components, nodes := placesOf(referenceTargets())
	a.printf("\nThe reference platform has the components %s\non the nodes %s.\n", strings.Join(components, ", "), strings.Join(nodes, ", "))
	return nil
}

// printField prints one field: its path, a sentence, and what it takes.
func (a *app) printField(f spec.Field) {
	head := f.Path
	if f.Required {
		head += "  (required)"
	}
	a.printf("\n%s\n", head)
	takes := f.Takes
	if f.Takes != "" && f.Range != "" {
		takes += "; "
	}
	for _, line := range wrapText(f.Explain, 74) {
		a.printf("    %s\n", line)
	}
	for _, part := range [...]struct{ name, text string }{
		{"takes", takes + f.Range}, {"default", f.Default}, {"example", f.Example},
	} {
		if part.text != "" {
			a.printf("    %-9s%s\n", part.name, strings.Join(wrapText(part.text, 65), fmt.Sprintf("\n%13s", "")))
		}
	}
}

// placesOf are the components and the nodes that targets are of, each once.
func placesOf(targets []harness.Target) (components, nodes []string) {
	for _, t := range targets {
		if !slices.Contains(components, t.Component) {
			components = append(components, t.Component)
		}
		if t.Node != "" && !slices.Contains(nodes, t.Node) {
			nodes = append(nodes, t.Node)
		}
	}
	slices.Sort(components)
	slices.Sort(nodes)
	return components, nodes
}
