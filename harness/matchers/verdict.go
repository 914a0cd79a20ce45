package matchers

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/onsi/gomega/types"
)

// MeetObjectives succeeds when a harness.Verdict's outcome is pass. Its
// failure message lists every finding that stands in the way, what was
// measured, the limit, and what would make it conclusive.
//
// NotTo(MeetObjectives()) also holds for inconclusive and invalid verdicts; to
// assert that a stack is bad, use HaveOutcome(harness.Fail).
func MeetObjectives() types.GomegaMatcher {
	m := HaveOutcome(harness.Pass).(*matcher)
	m.wish = "meet its objectives"
	return m
}

// HaveOutcome succeeds when a harness.Verdict has the given outcome.
func HaveOutcome(want harness.Outcome) types.GomegaMatcher {
	return &matcher{wish: fmt.Sprintf("have outcome %s", want), check: func(actual any) (answer, error) {
		v, err := verdictOf(actual)
		if err != nil {
			return answer{}, err
		}
		summary := fmt.Sprintf("its outcome is %s", v.Outcome)
		if v.Sentence != "" {
			summary += ": " + v.Sentence
		}
		return answer{
			ok: v.Outcome == want, subject: scenario(v),
			misses: append([]string{summary}, causes(v)...), hits: []string{summary},
			advice: advice(v),
		}, nil
	}}
}

// causes are the deciding findings that are no pass, the worst first.
func causes(v harness.Verdict) []string {
	var findings []harness.Finding
	for _, f := range v.Findings {
		if !f.Advisory && f.Outcome != harness.Pass {
			findings = append(findings, f)
		}
	}
	slices.SortStableFunc(findings, func(a, b harness.Finding) int {
		switch {
		case a.Outcome == b.Outcome:
			return 0
		case a.Outcome.Worse(b.Outcome) == a.Outcome:
			return -1
		}
		return 1
	})
	var lines []string
	for _, f := range findings {
		lines = append(lines, cause(f))
	}
	return lines
}

// cause is one finding: a line with its numbers, then its reason and needs.
func cause(f harness.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", f.Outcome, f.Check)
	if f.Trial > 0 {
		fmt.Fprintf(&b, " of trial %d", f.Trial)
	}
	if f.Subject != "" {
		fmt.Fprintf(&b, " (%s)", f.Subject)
	}
	if f.Measured != "" {
		fmt.Fprintf(&b, ": measured %s", f.Measured)
		if f.Resolution != "" {
			fmt.Fprintf(&b, " (%s)", f.Resolution)
		}
	}
	if f.Limit != "" {
		fmt.Fprintf(&b, ", limit %s", f.Limit)
	}
	if f.Code != "" {
		fmt.Fprintf(&b, " [%s]", f.Code)
	}
	if f.Reason != "" {
		fmt.Fprintf(&b, "\n  %s", f.Reason)
	}
	if f.Needs != "" {
		fmt.Fprintf(&b, "\n  needs: %s", f.Needs)
	}
	if len(f.Evidence) > 0 {
		fmt.Fprintf(&b, "\n  rests on: %s", strings.Join(f.Evidence, ", "))
	}
	return b.String()
}

// advice is the next step after a verdict.
func advice(v harness.Verdict) string {
	switch v.Outcome {
	case harness.Fail:
		return "the stack missed a limit; look at the time line around the evidence named above, then fix the stack or, if the limit is wrong, the scenario"
	case harness.Invalid:
		return "the experiment is no evidence for or against the stack; remove what disturbed it and run it again"
	case harness.Inconclusive:
		return "the evidence is sound but not enough; run more, as the needs above say"
	case harness.Pass:
	}
	return ""
}
