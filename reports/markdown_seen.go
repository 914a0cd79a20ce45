package reports

import (
	"fmt"
	"strings"
)

// markdownSeen writes what became of the traffic where nothing was broken on
// purpose.
func (t trial) markdownSeen(b *strings.Builder) {
	t.markdownFacts(b, t.seen())
}

// markdownUnjudged writes what was seen in a trial that is no evidence.
func (t trial) markdownUnjudged(b *strings.Builder) {
	facts := t.unjudged()
	if len(facts) > 0 {
		b.WriteString("**" + raised(notJudged) + "**\n\n")
	}
	t.markdownFacts(b, facts)
}

func (t trial) markdownFacts(b *strings.Builder, facts []fact) {
	if len(facts) == 0 {
		return
	}
	for _, f := range facts {
		fmt.Fprintf(b, "- **%s** %s\n", md(f.name), md(f.text))
	}
	rows, more := t.outageRows(outageLimit)
	for _, row := range rows {
		fmt.Fprintf(b, "  - %s\n", md(outageWords(row)))
	}
	if more != "" {
		fmt.Fprintf(b, "  - %s\n", md(more))
	}
	b.WriteString("\n")
}
