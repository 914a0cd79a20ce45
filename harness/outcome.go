package harness

import (
	"fmt"
	"slices"
)

// Outcome is what a finding, a scenario or a run comes to. The zero value is
// Inconclusive: nothing known is never a pass.
type Outcome uint8

const (
	// Inconclusive means that the evidence is sound but not enough to decide.
	Inconclusive Outcome = iota
	// Pass means that the statement holds at the stated confidence.
	Pass
	// Invalid means that the experiment itself is not evidence.
	Invalid
	// Fail means that the statement is refuted.
	Fail
)

var outcomeNames = []string{"inconclusive", "pass", "invalid", "fail"}

// severity orders outcomes for Worse: Fail > Invalid > Inconclusive > Pass.
var severity = [...]int{Inconclusive: 1, Pass: 0, Invalid: 2, Fail: 3}

// Worse returns the worse of o and p: Fail > Invalid > Inconclusive > Pass.
func (o Outcome) Worse(p Outcome) Outcome {
	if severity[p] > severity[o] {
		return p
	}
	return o
}

// Worst returns the worst of os; of none it is Inconclusive.
func Worst(os ...Outcome) Outcome {
	if len(os) == 0 {
		return Inconclusive
	}
	worst := os[0]
	for _, o := range os[1:] {
		worst = worst.Worse(o)
	}
	return worst
}

// String returns the lower-case word used in every file and report.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// MarshalText implements encoding.TextMarshaler.
func (o Outcome) MarshalText() ([]byte, error) {
	if int(o) >= len(outcomeNames) {
		return nil, fmt.Errorf("marshal outcome %d: want 0 to %d", uint8(o), len(outcomeNames)-1)
	}
	return []byte(outcomeNames[o]), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (o *Outcome) UnmarshalText(text []byte) error {
	i := slices.Index(outcomeNames, string(text))
	if i < 0 {
		return fmt.Errorf("parse outcome %q: want one of %v", text, outcomeNames)
	}
	*o = Outcome(i)
	return nil
}
