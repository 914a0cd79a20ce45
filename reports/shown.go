package reports

import (
	"slices"

	"github.com/fournines/fournines/harness"
)

// withoutTargets leaves out what a tier asks for where the run was not held to
// one: for a single trial the finding about all injections, for several what it
// would take. Nothing that decides is left out.
func withoutTargets(findings []harness.Finding, evidence []harness.Evidence) []harness.Finding {
	if slices.ContainsFunc(evidence, func(e harness.Evidence) bool { return e.Terms.Tier != "" }) {
		return findings
	}
	var kept []harness.Finding
	for _, f := range findings {
		if f.Check == "injections" && f.Advisory {
			if len(evidence) < 2 {
				continue
			}
			f.Limit, f.Needs = "", ""
		}
		kept = append(kept, f)
	}
	return kept
}

// shown are the findings for a first look: all of them for one trial; for
// several, those about all trials, and of each check the trial that did worst.
func (s scenario) shown() []harness.Finding {
	if len(s.trials) < 2 {
		return s.causesFirst()
	}
	var shown []harness.Finding
	at := map[[2]string]int{}
	for _, f := range s.causesFirst() {
		key := [2]string{f.Check, f.Subject}
		i, known := at[key]
		switch {
		case f.Trial == 0:
			shown = append(shown, f)
		case !known:
			at[key] = len(shown)
			shown = append(shown, f)
		case worse(f, shown[i]):
			shown[i] = f
		}
	}
	return shown
}

// worse reports whether f should be seen before g: the worse outcome, then the
// larger value. One that was not measured goes before any that was.
func worse(f, g harness.Finding) bool {
	if f.Outcome != g.Outcome {
		return f.Outcome.Worse(g.Outcome) == f.Outcome
	}
	if f.Coarse != g.Coarse {
		return f.Coarse
	}
	if f.MeasuredValue == nil || g.MeasuredValue == nil {
		return f.MeasuredValue == nil && g.MeasuredValue != nil
	}
	return *f.MeasuredValue > *g.MeasuredValue
}
