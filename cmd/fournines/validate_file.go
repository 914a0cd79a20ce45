package main

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
)

// validated is the result for one file.
type validated struct {
	File string `json:"file"`
	// Kind is what the file is meant to hold.
	Kind     spec.FileKind `json:"kind"`
	Valid    bool          `json:"valid"`
	Scenario string        `json:"scenario,omitempty"`
	// Problems is what is wrong, for people: one per line.
	Problems string `json:"problems,omitempty"`
	// Warnings is what is allowed and yet keeps a run from proving something.
	Warnings []string `json:"warnings,omitempty"`
	// what is what a valid file holds, for people.
	what string
}

// validateFile checks one file by its kind. A scenario is also resolved
// against the reference platform, so that a fault without a target is found
// here and not in a run.
func validateFile(file string, risks harness.RiskCatalogue) validated {
	kind, err := spec.KindOfFile(file)
	v := validated{File: file, Kind: kind}
	switch {
	case err != nil:
		v.Kind = spec.ScenarioFile
	case kind == spec.RisksFile:
		var own harness.RiskCatalogue
		own, err = spec.ParseRisksFile(file)
		v.what = fmt.Sprintf("risk catalogue, classes: %d", len(own.Risks))
	case kind == spec.SLOFile:
		var objective harness.SLO
		objective, err = spec.ParseSLOFile(file)
		v.what = "OpenSLO objective: " + strings.Join(objectiveTexts(objective), ", ")
	default:
		err = v.scenario(file, risks)
	}
	v.Valid = err == nil
	if err != nil {
		v.Problems = err.Error()
	}
	return v
}

func (v *validated) scenario(file string, risks harness.RiskCatalogue) error {
	s, warnings, err := checkScenario(file, nil)
	if err != nil {
		return err
	}
	v.Scenario, v.what = s.Name, fmt.Sprintf("scenario %q", s.Name)
	for _, w := range warnings {
		v.Warnings = append(v.Warnings, w.Error())
	}
	if w := riskWarning(s, risks); w != "" {
		v.Warnings = append(v.Warnings, fmt.Sprintf("%s: warning: risk.class: %s", file, w))
	}
	return nil
}
