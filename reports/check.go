package reports

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
)

// checkLabels are the checks in words; one that is not here goes by its name.
var checkLabels = map[string]string{
	"failed":               "failed requests",
	"lostWrites":           "lost writes",
	"duplicatedWrites":     "duplicated writes",
	"phantomWrites":        "phantom writes",
	"rpo":                  "recovery point",
	"verifiedRestore":      "verified restore",
	"scaleOut":             "replica added",
	"safety":               "safety stop",
	"probes":               "health after the fault",
	"false-alarms":         "false alarms",
	"steady-state":         "failed requests",
	"injections":           "all injections",
	"regression":           "against the baseline",
	"regression-detection": "against the baseline: detection",
	"regression-downtime":  "against the baseline: downtime",
	"regression-episodes":  "against the baseline: outages",
	"regression-recovery":  "against the baseline: recovery",
	"trial":                "experiment",
	"verdict":              "verdict",
}

// checkName is a finding's check in words: "downtime", with its subject where
// several findings differ in nothing else, and its trial when there are
// several.
func (s scenario) checkName(f harness.Finding) string {
	if f.Trial > 0 && len(s.trials) > 1 {
		return s.checkLabel(f) + fmt.Sprintf(" #%d", f.Trial)
	}
	return s.checkLabel(f)
}

// checkLabel is checkName where the trial is known.
func (s scenario) checkLabel(f harness.Finding) string {
	name := checkLabels[f.Check]
	if f.Check == "steady-state" && f.Advisory {
		name = "failed before the fault"
	}
	if part := troubles[f.Code].part; f.Outcome == harness.Invalid && part != "" {
		name = part
	}
	if name == "" {
		name = strings.Replace(line(f.Check), "latency-p", "latency p", 1)
	}
	if f.Subject != "" && s.subjectsDiffer(f.Check) {
		name += " " + line(f.Subject)
	}
	return name
}

// subjectsDiffer reports whether the findings of a check are about different
// things.
func (s scenario) subjectsDiffer(check string) bool {
	subject := ""
	for _, f := range s.Findings {
		switch {
		case f.Check != check || f.Subject == "":
		case subject == "":
			subject = f.Subject
		case subject != f.Subject:
			return true
		}
	}
	return false
}

// measured is "1.2 s", or a dash when nothing was measured: never an empty
// cell that could be read as 0.
func measured(f harness.Finding) string { return orDash(sentence(f.Measured)) }

func limit(f harness.Finding) string { return orDash(sentence(f.Limit)) }

func orDash(text string) string {
	if text == "" {
		return unmeasured
	}
	return text
}

// exactness is "±100 ms" where that says it all; otherwise empty.
func exactness(f harness.Finding) string {
	if text := sentence(f.Resolution); strings.HasPrefix(text, "±") && !strings.Contains(text, ",") {
		return text
	}
	return ""
}

// why is the finding's reason; of a pass only what makes it doubtful, and
// nothing of what is open and decides nothing.
func why(f harness.Finding) string {
	switch {
	case f.Outcome == harness.Inconclusive && f.Advisory:
		return ""
	case f.Outcome != harness.Pass:
		return sentence(f.Reason)
	case f.Coarse:
		return "As far as can be told: " + strings.TrimSuffix(sentence(f.Resolution), ".") + "."
	}
	return ""
}

// outcomeWord is the outcome, and whether it decides anything.
func outcomeWord(f harness.Finding) string {
	if f.Advisory {
		return f.Outcome.String() + " (does not decide)"
	}
	return f.Outcome.String()
}

// needsLabel says what the list of needs is about, in at most eleven letters.
func (s scenario) needsLabel() string { return needsLabelOf(s.Outcome) }

func needsLabelOf(o harness.Outcome) string {
	switch o {
	case harness.Invalid:
		return "what to do"
	case harness.Inconclusive:
		return "needed"
	}
	return "to be sure"
}

// needsTitle is needsLabel where there is room.
func (s scenario) needsTitle() string {
	switch s.Outcome {
	case harness.Invalid:
		return "What to do"
	case harness.Inconclusive:
		return "What would make it conclusive"
	}
	return "What would say more"
}
