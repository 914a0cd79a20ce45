package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
)

// cellLimit is the most characters that a cell of the table may have.
const cellLimit = 34

// findings writes the table of findings; a finding that is not a pass is
// followed by its reason.
func (t *terminal) findings(s scenario) {
	shown := s.shown()
	if len(shown) == 0 {
		return
	}
	head := []string{"check", "measured", "limit", "outcome"}
	rows := make([][]string, len(shown))
	widths := make([]int, len(head))
	for i, h := range head {
		widths[i] = len(h)
	}
	for i, f := range shown {
		rows[i] = []string{checkName(f, len(s.trials)), measured(f), limit(f), outcomeWord(f)}
		if utf8.RuneCountInString(rows[i][1]) > cellLimit {
			rows[i][1] = sentence(f.Measured) // the reason says how exact it is
		}
		for c, cell := range rows[i] {
			rows[i][c] = clip(cell, cellLimit)
			widths[c] = max(widths[c], utf8.RuneCountInString(rows[i][c]))
		}
	}
	t.line("", "")
	t.line("  ", t.dim(strings.TrimRight(cells(head, widths), " ")))
	for i, f := range shown {
		row := rows[i]
		last := row[len(row)-1]
		t.line("  ", cells(row[:len(row)-1], widths)+"  "+t.outcome(f.Outcome, last))
		if reason := sentence(f.Reason); f.Outcome != harness.Pass && reason != "" && !strings.HasPrefix(s.said(), strings.TrimSuffix(reason, ".")) {
			t.prose("    ", "", reason, t.dim)
		}
	}
	if len(shown) < len(s.Findings) {
		t.line("  ", t.dim(fmt.Sprintf("of each check, the worst of %s", plural(len(s.trials), "trial"))))
	}
}

func cells(row []string, widths []int) string {
	padded := make([]string, len(row))
	for i, cell := range row {
		padded[i] = pad(cell, widths[i])
	}
	return strings.Join(padded, "  ")
}

// checkName is "downtime", with its subject, and its trial when there are
// several.
func checkName(f harness.Finding, trials int) string {
	name := line(f.Check)
	if f.Subject != "" {
		name += " " + line(f.Subject)
	}
	if f.Trial > 0 && trials > 1 {
		name += fmt.Sprintf(" #%d", f.Trial)
	}
	return name
}

// measured is "0.21 s ±0.05 s", or a dash when nothing was measured: never an
// empty cell that could be read as 0.
func measured(f harness.Finding) string {
	text := sentence(f.Measured)
	if text == "" {
		return "–"
	}
	if resolution := sentence(f.Resolution); resolution != "" {
		text += " " + resolution
	}
	return text
}

func limit(f harness.Finding) string {
	if text := sentence(f.Limit); text != "" {
		return text
	}
	return "–"
}

// outcomeWord is the outcome, and whether it decides anything.
func outcomeWord(f harness.Finding) string {
	if f.Advisory {
		return f.Outcome.String() + " (advisory)"
	}
	return f.Outcome.String()
}
