package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/fournines/fournines/fixtures"
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
	"github.com/fournines/fournines/harness/suggest"
	"github.com/fournines/fournines/reports"
)

// addRisks defines --risks; fallback is what is used without it.
func addRisks(flags *pflag.FlagSet, file *string, fallback string) {
	flags.StringVar(file, "risks", "", "file with the risk catalogue for the budget of a year (default "+fallback+")")
}

// risksOf reads a risk catalogue; without a file it is the one that ships.
func risksOf(file string) (harness.RiskCatalogue, error) {
	if file == "" {
		return shippedRisks()
	}
	risks, err := spec.ParseRisksFile(file)
	if err != nil {
		return harness.RiskCatalogue{}, usage(err)
	}
	return risks, nil
}

func shippedRisks() (harness.RiskCatalogue, error) {
	return spec.ParseRisks(fixtures.RisksFile, fixtures.Risks())
}

// savedRisks is the catalogue of --risks, else that of the run, so that judging
// again comes to the same result, else the one that ships.
func savedRisks(dir *reports.Dir, file string) (harness.RiskCatalogue, error) {
	if file != "" {
		return risksOf(file)
	}
	year, err := dir.Year()
	if err != nil {
		return harness.RiskCatalogue{}, usage(err)
	}
	if year == nil {
		return shippedRisks()
	}
	if err := year.Catalogue.Validate(); err != nil {
		return harness.RiskCatalogue{}, usage(fmt.Errorf("risk catalogue of the run in %s: %w; name another with --risks", dir.File(reports.VerdictFile), err))
	}
	return year.Catalogue, nil
}

// yearOf is the budget of a year of a run. It is nil when no scenario stands
// for a risk: then there is nothing to say about a year.
func yearOf(verdicts []harness.Verdict, evidence []harness.Evidence, risks harness.RiskCatalogue) *harness.YearBudget {
	var scenarios []harness.Scenario
	seen := map[string]bool{}
	for _, ev := range evidence {
		s := ev.Plan.Scenario
		if standsForRisk(s) && !seen[s.Name] {
			seen[s.Name] = true
			scenarios = append(scenarios, s)
		}
	}
	if len(scenarios) == 0 {
		return nil
	}
	year := harness.JudgeYear(verdicts, scenarios, risks)
	return &year
}

func standsForRisk(s harness.Scenario) bool { return s.RiskClass != "" && len(s.Faults) > 0 }

// riskWarning says that a scenario's risk class is not in the catalogue; empty
// when it is, or when there is none.
func riskWarning(s harness.Scenario, risks harness.RiskCatalogue) string {
	if _, known := risks.Find(s.RiskClass); known || s.RiskClass == "" {
		return ""
	}
	near := ""
	if name, ok := suggest.Nearest(s.RiskClass, classesOf(risks)); ok {
		near = fmt.Sprintf(" (did you mean %q?)", name)
	}
	return fmt.Sprintf("risk class %q is not in the risk catalogue %q%s: the budget of a year leaves it out; put it into a catalogue of your own and give that with --risks",
		s.RiskClass, risks.Name, near)
}

func classesOf(risks harness.RiskCatalogue) []string {
	var names []string
	for _, r := range risks.Risks {
		names = append(names, r.Class)
	}
	return names
}
