// Package scenarios is the catalogue that ships with fournines: one YAML file
// for each scenario, embedded into the binary. A file that is added here is
// listed, run and tested without further ado.
package scenarios

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/harness/suggest"
)

// files holds the catalogue. The name of a file is the name of its scenario.
//
//go:embed *.yaml
var files embed.FS

// folder is where the files are, for people and annotations: relative to the
// module's root.
const folder = "scenarios/"

// All returns every scenario, ordered by name. The error joins what is wrong
// with all files.
func All() ([]harness.Scenario, error) {
	var all []harness.Scenario
	var problems []error
	for _, name := range Names() {
		s, err := Find(name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		all = append(all, s)
	}
	return all, errors.Join(problems...)
}

// Names returns the names of all scenarios in order.
func Names() []string {
	matches, err := fs.Glob(files, "*.yaml")
	if err != nil {
		panic("scenarios: the pattern is constant and valid: " + err.Error())
	}
	for i, m := range matches {
		matches[i] = strings.TrimSuffix(m, ".yaml")
	}
	slices.Sort(matches)
	return matches
}

// Find returns the scenario with the given name. The error for an unknown name
// lists what there is and suggests the nearest.
func Find(name string) (harness.Scenario, error) {
	src, err := Source(name)
	if err != nil {
		return harness.Scenario{}, err
	}
	s, err := spec.Parse(folder+name+".yaml", src)
	if err == nil && s.Name != name {
		return harness.Scenario{}, fmt.Errorf("%s: want the file's name as metadata.name, saw %q", s.Source, s.Name)
	}
	return s, err
}

// Suite returns the scenarios that carry the suite's name in their label
// "suite", ordered by name; "all" is every scenario.
func Suite(suite string) ([]harness.Scenario, error) {
	all, err := All()
	if err != nil || suite == "all" {
		return all, err
	}
	known := append(spec.Suites(), "all")
	if !slices.Contains(known, suite) {
		return nil, fmt.Errorf("unknown suite %q: want one of %s%s", suite, strings.Join(known, ", "), suggest.DidYouMean(suite, known))
	}
	return slices.DeleteFunc(all, func(s harness.Scenario) bool { return !slices.Contains(s.Labels["suite"], suite) }), nil
}

// Source returns the file of the scenario with the given name, as written.
func Source(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("unknown scenario %q: the catalogue has %s%s", name, strings.Join(Names(), ", "), suggest.DidYouMean(name, Names()))
	}
	return files.ReadFile(name + ".yaml")
}
