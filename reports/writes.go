package reports

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/fournines/fournines/harness"
)

// writeFact is one line of the ledger: a number, and what it is.
type writeFact struct{ name, value, text string }

// writes is the ledger of a trial: what was sent and answered, what was found,
// and the first writes that are wrong. Empty where the load only read. Nothing
// that was not read back is a number.
func (t trial) writes() []writeFact {
	if t.measured == nil || t.measured.Writes == nil {
		return nil
	}
	w := *t.measured.Writes
	facts := []writeFact{
		{"writes acknowledged", count(w.Acknowledged), "the service said that they are done"},
		{"writes rejected", count(w.Rejected), "the service said that they are not done"},
		{"writes of unknown fate", count(w.Unknown), "no answer that decides"},
	}
	found := []writeFact{
		{"writes found", count(w.Rows), "read back after the trial"},
		{"writes lost", count(w.Lost), "acknowledged, and not there"},
		{"writes duplicated", count(w.Duplicated), "copies beyond the first"},
		{"writes phantom", count(w.Phantom), "there, although they were rejected or never sent like that"},
		{"recovery point", length(w.RPO), "acknowledged writes of this time cannot be relied upon"},
	}
	switch {
	case w.State != harness.LedgerReconciled:
		why := "the trial ended before it was read back"
		if w.State != harness.LedgerOpen {
			why = clip(sentence(w.Detail), 300)
		}
		for i := range found {
			found[i].value, found[i].text = unmeasured, ""
		}
		found[0].text = "not read back: " + why
	case w.Lost == 0:
		found[4].text = "no acknowledged write was lost"
		fallthrough
	default:
		facts[2].text += fmt.Sprintf(": %s done, %s not", count(w.Done), count(w.NotDone))
	}
	facts = append(facts, found...)
	if w.State == harness.LedgerReconciled {
		for _, e := range w.Examples {
			facts = append(facts, writeFact{forExample + line(e.Kind), clip(line(e.Key), 80), exampleWords(e)})
		}
	}
	return facts
}

// forExample begins the names of the facts that are single writes.
const forExample = "for example "

// exampleWords is "sent at 12.10 s, answered at 12.11 s, found 2 times".
func exampleWords(e harness.WriteExample) string {
	if e.Unsent {
		return "nobody sent it like that"
	}
	found := map[int]string{0: "not found", 1: "found once"}[e.Copies]
	if found == "" {
		found = "found " + plural(e.Copies, "time")
	}
	return fmt.Sprintf("sent at %s, answered at %s, %s", offset(e.Sent), offset(e.Answered), found)
}

// writesLine is the ledger on one line; empty where there is none.
func (t trial) writesLine() string {
	var parts []string
	for _, f := range t.writes() {
		if strings.HasPrefix(f.name, forExample) {
			continue
		}
		parts = append(parts, strings.TrimPrefix(f.name, "writes ")+" "+f.value)
	}
	return strings.Join(parts, ", ")
}

// writesLines are the ledgers of all trials that have one.
func (s scenario) writesLines() (lines []string) {
	for _, t := range s.trials {
		if text := t.writesLine(); text != "" {
			lines = append(lines, fmt.Sprintf("writes of trial %d: %s", t.number, text))
		}
	}
	return lines
}

// writes writes the ledger of a trial on a terminal.
func (t *terminal) writes(shown trial) {
	text := shown.writesLine()
	if text == "" {
		return
	}
	examples := slices.DeleteFunc(shown.writes(), func(f writeFact) bool { return !strings.HasPrefix(f.name, forExample) })
	widest := len("writes")
	for _, f := range examples {
		widest = max(widest, utf8.RuneCountInString(f.name))
	}
	t.line("", "")
	t.prose("  ", pad("writes", widest)+"  ", text, nil)
	for _, f := range examples {
		t.prose("  ", pad(f.name, widest)+"  ", f.value+": "+f.text, nil)
	}
}

// markdownWrites writes the ledger of a trial for a comment.
func (t trial) markdownWrites(b *strings.Builder) {
	facts := t.writes()
	if len(facts) == 0 {
		return
	}
	b.WriteString("| writes | | |\n|---|---|---|\n")
	for _, f := range facts {
		fmt.Fprintf(b, "| %s | %s | %s |\n", md(f.name), md(f.value), md(f.text))
	}
	b.WriteString("\n")
}
