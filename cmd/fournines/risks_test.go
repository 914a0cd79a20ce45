package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

const ownRisks = `apiVersion: fournines/v1
kind: RiskCatalogue
risks:
  - {class: process-crash, ettf: 365d, source: "assumption: our own incident reports"}
`

func writeRisks(t *testing.T, src string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "risks.yaml")
	if err := os.WriteFile(path, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// riskEvidence is a trial of a scenario that stands for a class.
func riskEvidence(class string, faults int) harness.Evidence {
	var ev harness.Evidence
	ev.Plan.Scenario = harness.Scenario{
		Name: "kill", RiskClass: class, SLO: harness.SLO{Availability: .9999}, Faults: make([]harness.FaultSpec, faults),
	}
	return ev
}

func TestAYearIsJudgedOnlyWhereARiskWasInjected(t *testing.T) {
	risks, err := shippedRisks()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		rule string
		ev   harness.Evidence
		want bool
	}{
		{"a fault with a risk class is judged", riskEvidence("process-crash", 1), true},
		{"a fault without a class says nothing of a year", riskEvidence("", 1), false},
		{"without a fault there is nothing to count", riskEvidence("process-crash", 0), false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if year := yearOf(nil, []harness.Evidence{tt.ev, tt.ev}, risks); (year != nil) != tt.want {
				t.Errorf("year %+v, want one: %t", year, tt.want)
			}
		})
	}
}

func TestAnUnknownRiskClassIsWarnedOf(t *testing.T) {
	risks, err := shippedRisks()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ rule, class, want string }{
		{"a class of the catalogue is fine", "process-crash", ""},
		{"no class is fine", "", ""},
		{"a slip is named with the nearest class", "proces-crash", `did you mean "process-crash"?`},
		{"another class is named", "meteor", `risk class "meteor" is not in the risk catalogue`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := riskWarning(harness.Scenario{Name: "s", RiskClass: tt.class}, risks)
			if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
				t.Errorf("warning %q, want %q in it", got, tt.want)
			}
		})
	}
}

func TestJudgeTakesTheCatalogueOfTheRun(t *testing.T) {
	dir := savedRun(t, 2)
	own, err := risksOf(writeRisks(t, ownRisks))
	if err != nil {
		t.Fatal(err)
	}
	first := func(rule, file string, want time.Duration) {
		t.Helper()
		risks, err := savedRisks(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		if r, _ := risks.Find("process-crash"); r.ETTF != want {
			t.Errorf("%s: every %s, want %s", rule, r.ETTF, want)
		}
	}
	const day = 24 * time.Hour
	first("a run without a verdict is judged with the catalogue that ships", "", 30*day)
	if err := dir.Write(nil, nil, yearOf(nil, []harness.Evidence{riskEvidence("process-crash", 1)}, own)); err != nil {
		t.Fatal(err)
	}
	first("judging again takes the catalogue of the run", "", 365*day)
	first("--risks goes before that of the run", writeRisks(t, strings.Replace(ownRisks, "365d", "10d", 1)), 10*day)

	broken := own
	broken.Risks = []harness.RiskClass{{Class: "process-crash", Source: "assumption: a"}}
	if err := dir.Write(nil, nil, yearOf(nil, []harness.Evidence{riskEvidence("process-crash", 1)}, broken)); err != nil {
		t.Fatal(err)
	}
	if _, err := savedRisks(dir, ""); exitCode(err) != exitUsage {
		t.Errorf("error %v, want a broken catalogue refused as wrong usage", err)
	}
}

func TestABrokenCatalogueStartsNothing(t *testing.T) {
	out := filepath.Join(t.TempDir(), "runs")
	for _, args := range [][]string{
		{"--risks", writeRisks(t, strings.Replace(ownRisks, "365d", "often", 1))},
		{"--risks", filepath.Join(t.TempDir(), "nothing.yaml")},
	} {
		var errs strings.Builder
		code := run(t.Context(), append([]string{"run", "--stack", "inproc", "--out", out}, args...), strings.NewReader(""), io.Discard, &errs)
		if code != exitUsage {
			t.Errorf("run %q = %d, want %d: %s", args, code, exitUsage, errs.String())
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("run %q made its folder", args)
		}
	}
}
