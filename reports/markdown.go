package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/fournines/fournines/harness"
)

// markdownLimit is the most that report.md may hold: a step summary on GitHub
// may have 1 MiB, and something else may be written before or after.
const markdownLimit = 900 << 10

// markdownNote ends a report that was cut.
const markdownNote = "\n_Cut here: the rest is in report.html._\n"

// marks are the signs that go before an outcome's word, for those who skim.
var marks = map[harness.Outcome]string{
	harness.Pass: "✅", harness.Fail: "❌", harness.Inconclusive: "❔", harness.Invalid: "⚠️",
}

// markdown writes the run for a pull request's comment or a step summary. It
// is cut between scenarios, or within one between lines, never within a line.
func (r run) markdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("## " + marked(r.outcome) + " fournines\n\n")
	if len(r.scenarios) == 0 {
		b.WriteString("Nothing was run.\n")
	}
	if len(r.scenarios) > 1 {
		b.WriteString("| scenario | outcome | verdict |\n|---|---|---|\n")
		for _, s := range r.scenarios {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", md(s.Scenario), marked(s.Outcome), md(clip(s.said(), 300)))
		}
		b.WriteString("\n")
	}
	for _, s := range r.scenarios {
		s.markdown(&b)
	}
	if r.year != nil {
		markdownYear(&b, *r.year)
	}
	if r.id != "" {
		b.WriteString("<sub>run " + md(r.id) + "</sub>\n")
	}
	_, err := io.WriteString(w, cutLines(b.String(), markdownLimit, markdownNote))
	return err
}

func (s scenario) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "### %s %s\n\n%s\n\n", marked(s.Outcome), md(s.Scenario), md(s.said()))
	if banner := sentence(s.Stack.Banner); banner != "" {
		fmt.Fprintf(b, "> ⚠️ %s\n\n", mdProse(banner))
	}
	if len(s.Findings) > 0 {
		b.WriteString("| check | measured | limit | outcome | why |\n|---|---|---|---|---|\n")
		for _, f := range s.shown() {
			outcome := outcomeWord(f)
			if !f.Advisory {
				outcome = marks[f.Outcome] + " " + outcome
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", md(s.checkName(f)), md(strings.TrimSpace(measured(f)+" "+exactness(f))), md(limit(f)), outcome, md(clip(why(f), 300)))
		}
		b.WriteString("\n")
	}
	i := s.worst()
	switch {
	case i < 0:
	case s.Outcome == harness.Invalid:
		s.trials[i].markdownUnjudged(b)
	default:
		s.trials[i].markdownStory(b, len(s.trials))
		s.trials[i].markdownSeen(b)
		s.trials[i].markdownWrites(b)
		s.trials[i].markdownShares(b)
	}
	for _, need := range s.needs() {
		fmt.Fprintf(b, "**%s:** %s\n\n", raised(s.needsLabel()), mdProse(need))
	}
	for _, text := range s.asideLines() {
		fmt.Fprintf(b, "%s\n\n", md(text))
	}
	fmt.Fprintf(b, "Run again: %s\n\n", code(s.replay()))
}

func (t trial) markdownStory(b *strings.Builder, trials int) {
	steps := t.story()
	if len(steps) == 0 {
		return
	}
	title := "Recovery"
	if trials > 1 {
		title = fmt.Sprintf("Recovery in trial %d of %d", t.number, trials)
	}
	fmt.Fprintf(b, "<details><summary>%s</summary>\n\n", title)
	for _, st := range steps {
		lead := ""
		if l := st.lead(); l != "" {
			lead = "**" + md(l) + "** "
		}
		by := ""
		if st.by != "" {
			by = " – " + md(clip(st.by, 300))
		}
		fmt.Fprintf(b, "- %s%s%s\n", lead, md(st.what), by)
	}
	b.WriteString("\n</details>\n\n")
}

func marked(o harness.Outcome) string {
	return marks[o] + " " + strings.ToUpper(o.String())
}

// cutLines keeps whole lines of s within limit bytes and ends with note when
// some are left out.
func cutLines(s string, limit int, note string) string {
	if len(s) <= limit {
		return s
	}
	s = s[:limit-len(note)]
	return s[:strings.LastIndexByte(s, '\n')+1] + note
}
