package reports

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
)

// TerminalOptions says how Terminal writes.
type TerminalOptions struct {
	// Color allows ANSI colours. Nothing is said by colour alone.
	Color bool
	// Width is the number of columns; 0 means 80, and less than 40 counts as 40.
	Width int
	// ReportPath is the report to open afterwards; empty when none was written.
	ReportPath string
	// Logs is the run's directory when logs were collected; empty otherwise.
	Logs string
	// Evidence is what the verdicts rest on; it adds the faults' names and the
	// seed. May be empty.
	Evidence []harness.Evidence
	// Year is the budget of a year; nil leaves it out.
	Year *harness.YearBudget
}

// Terminal writes the result of a run for a person at a terminal or a reader
// of a log: per scenario the verdict, its findings, the story of the recovery,
// what would make it conclusive, and how to run it again.
func Terminal(w io.Writer, verdicts []harness.Verdict, o TerminalOptions) error {
	if o.Width == 0 {
		o.Width = 80
	}
	t := terminal{paint: paint(o.Color), width: max(o.Width, 40)}
	r := newRun("", verdicts, o.Evidence)
	if len(r.scenarios) == 0 {
		t.line("", t.outcome(harness.Inconclusive, "INCONCLUSIVE")+"  nothing was run")
	}
	banner := ""
	for i, s := range r.scenarios {
		if i > 0 {
			t.line("", "")
		}
		if text := sentence(s.Stack.Banner); text != "" && text != banner {
			t.banner(text)
			banner = text
		}
		t.scenario(s)
	}
	if len(r.scenarios) > 1 {
		t.summary(r)
	}
	if r.outcome != harness.Invalid || o.Year != nil && len(o.Year.Rows) > 0 {
		t.year(o.Year) // an experiment that is no evidence has nothing to say of a year
	}
	if o.ReportPath != "" {
		t.line("", "")
		t.line("", t.dim("report")+"  "+line(o.ReportPath))
	}
	if o.Logs != "" {
		t.line("", t.dim("logs")+"    `fournines logs "+line(o.Logs)+" --request ID`")
	}
	if _, err := w.Write(t.out.Bytes()); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// termClip is the most characters of a reason or of what a source said that a
// terminal shows; the report has all of it.
const termClip = 240

// terminal collects the text, so that it reaches the writer in one piece.
type terminal struct {
	paint
	width int
	out   bytes.Buffer
}

// line writes one line; trailing spaces are dropped.
func (t *terminal) line(indent, s string) {
	t.out.WriteString(strings.TrimRight(indent+s, " ") + "\n")
}

// prose writes wrapped text behind a label; further lines hang under the
// first. colour may be nil.
func (t *terminal) prose(indent, label, s string, colour func(string) string) {
	hang := strings.Repeat(" ", utf8.RuneCountInString(label))
	for i, l := range wrap(s, t.width-len(indent)-len(hang)) {
		if i > 0 {
			label = hang
		}
		if colour != nil {
			l = colour(l)
		}
		if i == 0 {
			t.line(indent+t.dim(label), l)
		} else {
			t.line(indent+label, l)
		}
	}
}

func (t *terminal) banner(text string) {
	bold := func(s string) string { return t.with(sgrYellow, s) }
	t.prose("", "!  ", text, bold)
	t.line("", "")
}

func (t *terminal) scenario(s scenario) {
	word := strings.ToUpper(s.Outcome.String())
	t.line("", t.outcome(s.Outcome, t.bold(word))+"  "+t.bold(line(s.Scenario)))
	t.prose("", "", s.said(), nil)
	t.findings(s)
	i := s.worst()
	switch {
	case i < 0:
	case s.Outcome == harness.Invalid:
		t.unjudged(s.trials[i])
	default:
		t.story(s, s.trials[i])
		t.seen(s.trials[i])
		t.writes(s.trials[i])
		t.shares(s.trials[i])
	}
	t.line("", "")
	before := t.out.Len()
	for _, need := range s.needs() {
		t.short(s.needsLabel(), need)
	}
	if i >= 0 && s.Outcome != harness.Invalid {
		t.short("ended early", s.trials[i].early())
	}
	for _, f := range s.asides() {
		t.short(f.name, f.text)
	}
	if t.out.Len() > before {
		t.line("", "")
	}
	t.line("  ", t.dim("run again   ")+s.replay())
}

// short writes a labelled text; nothing when there is none.
func (t *terminal) short(label, text string) {
	if text != "" {
		t.prose("  ", pad(label, 12), text, nil)
	}
}

func (t *terminal) story(s scenario, shown trial) {
	steps := shown.story()
	if len(steps) == 0 {
		return
	}
	t.line("", "")
	if len(s.trials) > 1 {
		t.line("  ", t.dim(fmt.Sprintf("trial %d of %d, the worst", shown.number, len(s.trials))))
	}
	afterWidth := 0
	for _, st := range steps {
		afterWidth = max(afterWidth, utf8.RuneCountInString(st.lead()))
	}
	for _, st := range steps {
		text := st.what
		if st.by != "" {
			text += " (" + clip(st.by, termClip) + ")"
		}
		var colour func(string) string
		if st.missing {
			colour = func(s string) string { return t.with(sgrYellow, s) }
		}
		t.prose("  ", pad(st.lead(), afterWidth)+"  ", text, colour)
	}
	for _, note := range shown.measured.Recovery.Notes {
		t.prose("  ", pad("note", afterWidth)+"  ", line(note), nil)
	}
}

func (t *terminal) summary(r run) {
	t.line("", "")
	counts := map[harness.Outcome]int{}
	for _, s := range r.scenarios {
		counts[s.Outcome]++
	}
	var parts []string
	for _, o := range []harness.Outcome{harness.Pass, harness.Fail, harness.Inconclusive, harness.Invalid} {
		if n := counts[o]; n > 0 {
			parts = append(parts, t.outcome(o, fmt.Sprintf("%d %s", n, o)))
		}
	}
	word := t.outcome(r.outcome, t.bold(strings.ToUpper(r.outcome.String())))
	t.line("", fmt.Sprintf("%s  %s: %s", word, plural(len(r.scenarios), "scenario"), strings.Join(parts, ", ")))
}
