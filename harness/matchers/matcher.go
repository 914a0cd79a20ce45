package matchers

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/onsi/gomega/types"
)

// matcher is a Gomega matcher that explains itself line by line. Like every
// Gomega matcher it is for one assertion at a time.
type matcher struct {
	// wish completes "expected ... to": "recover within 10s".
	wish string
	// check says whether actual is as wished, and why.
	check func(actual any) (answer, error)

	last answer
}

// answer is the result of a check.
type answer struct {
	ok bool
	// subject is who it is about: `scenario "gateway-kill"`.
	subject string
	// misses explain why not, hits why; a line may hold indented lines.
	misses, hits []string
	// advice is what to do about the misses.
	advice string
}

var _ types.GomegaMatcher = (*matcher)(nil)

// Match implements types.GomegaMatcher.
func (m *matcher) Match(actual any) (bool, error) {
	var err error
	if m.last, err = m.check(actual); err != nil {
		return false, fmt.Errorf("expected to %s: %w", m.wish, err)
	}
	return m.last.ok, nil
}

// FailureMessage implements types.GomegaMatcher.
func (m *matcher) FailureMessage(any) string {
	message := fmt.Sprintf("expected %s to %s, but\n%s", m.last.subject, m.wish, indented(m.last.misses))
	if m.last.advice != "" {
		message += "\nwhat to do: " + m.last.advice
	}
	return message
}

// NegatedFailureMessage implements types.GomegaMatcher.
func (m *matcher) NegatedFailureMessage(any) string {
	return fmt.Sprintf("expected %s not to %s, but\n%s", m.last.subject, m.wish, indented(m.last.hits))
}

func indented(lines []string) string {
	return "  " + strings.ReplaceAll(strings.Join(lines, "\n"), "\n", "\n  ")
}

// verdictOf accepts a Verdict or a pointer to one.
func verdictOf(actual any) (harness.Verdict, error) {
	switch a := actual.(type) {
	case harness.Verdict:
		return a, nil
	case *harness.Verdict:
		if a != nil {
			return *a, nil
		}
	}
	return harness.Verdict{}, fmt.Errorf("want a harness.Verdict, saw a %T", actual)
}

func scenario(v harness.Verdict) string { return fmt.Sprintf("scenario %q", v.Scenario) }
