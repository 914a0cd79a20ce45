package reports

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness"
)

// markdownYear writes the budget of a year.
func markdownYear(b *strings.Builder, y harness.YearBudget) {
	b.WriteString("### Budget of a year (advisory)\n\n")
	for _, f := range yearFacts(y) {
		fmt.Fprintf(b, "- **%s** %s\n", md(f.name), md(f.text))
	}
	b.WriteString("\n")
	if len(y.Rows) == 0 {
		return
	}
	b.WriteString("| risk | how often | one injection, median | mean at most | a year | at most | share | at most |\n|---|---|---|---|---|---|---|---|\n")
	for _, r := range viewYear(y).Rows {
		fmt.Fprintf(b, "| %s | %s, %s | %s | %s | %s | %s | %s | %s |\n",
			md(r.Class), md(r.Often), md(r.Basis), md(r.Median), md(r.Upper), md(r.Expected), md(r.AtMost), md(r.Share), md(r.ShareAtMost))
	}
	b.WriteString("\n")
}
