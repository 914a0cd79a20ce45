package reports

import (
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
)

// year writes the budget of a year in a few lines; nothing for nil.
func (t *terminal) year(y *harness.YearBudget) {
	if y == nil {
		return
	}
	t.line("", "")
	t.line("", t.bold("Budget of a year")+t.dim("  advisory: decides nothing"))
	facts := yearFacts(*y)
	widest := 0
	for _, f := range facts {
		widest = max(widest, utf8.RuneCountInString(f.name))
	}
	for _, f := range facts {
		t.prose("  ", pad(f.name, widest)+"  ", f.text, nil)
	}
}

// yearFacts are what a person should know first, in at most six lines.
func yearFacts(y harness.YearBudget) []fact {
	const named = 3
	facts := []fact{{name: "measured", text: yearTotal(y)}}
	if len(y.Rows) > 0 {
		facts = append(facts, fact{name: "takes most", text: yearMost(y)}, fact{name: "one risk", text: yearSingle(y)})
		if text := yearNarrower(y.Rows[0]); text != "" {
			facts = append(facts, fact{name: "narrower", text: text})
		}
	}
	if len(y.Uncovered) > 0 {
		facts = append(facts, fact{name: "not covered", text: uncovered(y, named)})
	}
	if len(y.Unknown) > 0 {
		facts = append(facts, fact{name: "unknown", text: unlisted(y)})
	}
	return facts
}
