package reports

import "github.com/fournines/fournines/harness"

// shown are the findings for a first look: all of them for one trial; for
// several, those about all trials, and of each check the trial that did worst.
func (s scenario) shown() []harness.Finding {
	if len(s.trials) < 2 {
		return s.Findings
	}
	var shown []harness.Finding
	at := map[[2]string]int{}
	for _, f := range s.Findings {
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
	if f.MeasuredValue == nil || g.MeasuredValue == nil {
		return f.MeasuredValue == nil && g.MeasuredValue != nil
	}
	return *f.MeasuredValue > *g.MeasuredValue
}
