package reports

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/figure"
)

// confidence is "95 %"; empty for a plain measurement.
func confidence(f harness.Finding) string {
	if f.Confidence == 0 {
		return ""
	}
	return whole(figure.Exact(f.Confidence))
}

// basis is what a finding rests on, in a few words: its confidence, its
// statistic, where it is in the evidence.
func basis(f harness.Finding) string {
	var parts []string
	if c := confidence(f); c != "" {
		parts = append(parts, c+" confidence")
	}
	if st := f.Statistic; st != nil {
		parts = append(parts, statisticWords(f.Check, *st)...)
	}
	if len(f.Evidence) > 0 {
		parts = append(parts, "rests on "+line(strings.Join(f.Evidence, ", ")))
	}
	return strings.Join(parts, " · ")
}

// statisticWords are the numbers of a test that may be looked at at any time.
// A p-value below 0.05 decides.
func statisticWords(check string, st harness.Statistic) []string {
	noun, bad := "request", "failed"
	if check == "injections" {
		noun, bad = "injection", "beyond a limit"
	}
	tested := fmt.Sprintf("tested on %s, %s %s", plural(st.Trials, noun), count(st.Failures), bad)
	if strings.HasPrefix(check, "regression") {
		tested = "compared over " + plural(st.Trials, "trial")
	}
	words := []string{
		tested,
		fmt.Sprintf("p-value of not holding %.2g, of holding %.2g (one below 0.05 is ruled out)", st.PHolds, st.PRefuted),
	}
	if st.Dispersion > 1 {
		words = append(words, fmt.Sprintf("%.3g failures count as one", st.Dispersion))
	}
	if st.Checks > 1 {
		words = append(words, "one of "+plural(st.Checks, "check"))
	}
	if n := len(st.Carried); n > 0 {
		words = append(words, "with the evidence of "+plural(n, "earlier run")+": "+line(strings.Join(st.Carried, ", ")))
	}
	if st.Stopped != "" {
		words = append(words, "ended early: "+sentence(st.Stopped))
	}
	return words
}

// early says why a trial ended before its time, although nothing went wrong;
// empty when it did not.
func (t trial) early() string {
	if t.evidence == nil || t.evidence.End.Reason != harness.Completed {
		return ""
	}
	return sentence(t.evidence.End.Detail)
}
