package reports

import "unicode/utf8"

// outageLimit is how many outages a terminal and a comment list.
const outageLimit = 10

// seen writes what became of the traffic where nothing was broken on purpose.
func (t *terminal) seen(shown trial) {
	t.facts(shown, shown.seen())
}

// unjudged writes what was seen in a trial that is no evidence.
func (t *terminal) unjudged(shown trial) {
	facts := shown.unjudged()
	if len(facts) == 0 {
		return
	}
	t.line("", "")
	t.line("  ", t.dim(notJudged))
	t.factLines(shown, facts)
}

// facts writes facts and the outages of a trial after an empty line; nothing
// when there are no facts.
func (t *terminal) facts(shown trial, facts []fact) {
	if len(facts) == 0 {
		return
	}
	t.line("", "")
	t.factLines(shown, facts)
}

func (t *terminal) factLines(shown trial, facts []fact) {
	widest := 0
	for _, f := range facts {
		widest = max(widest, utf8.RuneCountInString(f.name))
	}
	for _, f := range facts {
		t.prose("  ", pad(f.name, widest)+"  ", f.text, nil)
	}
	rows, more := shown.outageRows(outageLimit)
	for _, row := range rows {
		t.prose("  ", pad("", widest)+"  ", outageWords(row), nil)
	}
	if more != "" {
		t.line("  ", pad("", widest)+"  "+t.dim(more))
	}
}

// outageWords is "at 8.00 s for 1.20 s, 60 requests (refused: …)".
func outageWords(row outageRow) string {
	text := "at " + row.From + " for " + row.Length + ", " + row.Bad
	if row.Example != "" {
		text += " (" + clip(row.Example, 160) + ")"
	}
	return text
}
