package reports

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func shownOnTerminal(t *testing.T, s sample) string {
	t.Helper()
	text := render(t, func(w io.Writer) error {
		return Terminal(w, s.verdicts, TerminalOptions{Evidence: s.evidence, Width: 200})
	})
	return strings.ReplaceAll(string(text), nbsp, " ")
}

func TestAPassThatIsTooCoarseSaysSo(t *testing.T) {
	s := passSample()
	s.verdicts[0].Findings = slices.Clone(s.verdicts[0].Findings)
	f := &s.verdicts[0].Findings[0]
	f.Coarse, f.Resolution = true, "1 of 3,000 requests is 0.033 %, coarser than the limit"
	want := "As far as can be told: 1 of 3,000 requests is 0.033 %, coarser than the limit."
	if got := shownOnTerminal(t, s); !strings.Contains(got, want) {
		t.Errorf("%q is not on the terminal:\n%s", want, got)
	}
	if got := shownOnTerminal(t, passSample()); strings.Contains(got, "As far as") {
		t.Errorf("a clear pass is doubted:\n%s", got)
	}
}

func TestTargetsOfATierAreShownUnderATierOnly(t *testing.T) {
	of := func(trials int, tier string) (found bool, f harness.Finding) {
		var evidence []harness.Evidence
		for n := 1; n <= trials; n++ {
			e := killEvidence(n)
			e.Terms.Tier = tier
			evidence = append(evidence, e)
		}
		v := verdict(harness.Pass, "it held.")
		v.Findings = []harness.Finding{{Check: "injections", Advisory: tier == "", Limit: "≥ 5 clean for pr", Needs: "4 for pr"}}
		for _, f := range newRun("", []harness.Verdict{v}, evidence).scenarios[0].Findings {
			return true, f
		}
		return false, harness.Finding{}
	}
	if found, _ := of(1, ""); found {
		t.Error("a single injection without a tier is told what tiers ask for")
	}
	if found, f := of(3, ""); !found || f.Limit != "" || f.Needs != "" {
		t.Errorf("three injections without a tier: %v, %+v, want them counted and held to nothing", found, f)
	}
	if found, f := of(1, "pr"); !found || f.Limit == "" || f.Needs == "" {
		t.Errorf("under a tier: %v, %+v, want its limit and needs", found, f)
	}
}

func TestNamesOfJUnitCasesDoNotDependOnTheSeed(t *testing.T) {
	s := scenario{Verdict: harness.Verdict{Findings: []harness.Finding{{Check: "failed", Subject: "catalog-1"}, {Check: "failed", Subject: "catalog-2"}}}}
	if got := s.caseName(s.Findings[0]); got != "failed" {
		t.Errorf("case %q, want no target in it", got)
	}
	if got := s.checkName(s.Findings[0]); got != "failed requests catalog-1" {
		t.Errorf("check %q, want the target that tells it from the other", got)
	}
}
