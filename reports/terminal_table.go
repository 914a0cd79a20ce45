package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// cellLimit is the most characters that a cell of the table may have.
const cellLimit = 34

// findings writes the table of findings; a finding that is not a clear pass is
// followed by its reason, unless the headline has it.
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
		rows[i] = []string{s.checkName(f), strings.TrimSpace(measured(f) + " " + exactness(f)), limit(f), outcomeWord(f)}
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
		if text := why(f); text != "" && !s.says(text) {
			t.prose("    ", "", clip(text, termClip), t.dim)
		}
	}
	if len(shown) < len(s.Findings) {
		t.line("  ", t.dim(fmt.Sprintf("the worst of %s for each check; #n is its trial", plural(len(s.trials), "trial"))))
	}
}

func cells(row []string, widths []int) string {
	padded := make([]string, len(row))
	for i, cell := range row {
		padded[i] = pad(cell, widths[i])
	}
	return strings.Join(padded, "  ")
}

// says reports whether the headline holds a reason already.
func (s scenario) says(reason string) bool {
	inside := strings.ToLower(strings.TrimSuffix(reason, "."))
	return strings.Contains(strings.ToLower(s.said()), inside)
}
