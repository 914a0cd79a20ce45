package reports

import (
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestWhatWasNotReadBackIsNoNumber(t *testing.T) {
	for state, says := range map[harness.LedgerState]string{
		harness.LedgerUnread: "no answer", harness.LedgerOpen: "the trial ended before it was read back",
	} {
		got := trial{measured: &harness.Measurement{Writes: &harness.LedgerRecord{State: state, Acknowledged: 9, Lost: 4, Rows: 5, Detail: "no answer"}}}
		text := got.writesLine()
		if !strings.Contains(text, "acknowledged 9") || !strings.Contains(text, "lost "+unmeasured) || !strings.Contains(text, "recovery point "+unmeasured) {
			t.Errorf("%s: %s", state, text)
		}
		said := ""
		for _, f := range got.writes() {
			said += f.text + "\n"
		}
		if !strings.Contains(said, says) || strings.Contains(said, "done,") {
			t.Errorf("%s: said\n%swant %q", state, said, says)
		}
	}
	if got := (trial{measured: &harness.Measurement{}}).writes(); got != nil {
		t.Errorf("a load that only reads has the facts %v", got)
	}
}

func TestEveryReportShowsTheLedger(t *testing.T) {
	s := samples()["writes"]
	r := newRun(sampleRun, s.verdicts, s.evidence)
	for name, page := range map[string]string{
		"html": string(render(t, r.html)), "markdown": string(render(t, r.markdown)), "junit": string(render(t, r.junit)),
	} {
		for _, want := range []string{"lost", "1,190", "1,208", "1.24"} {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
		if strings.Contains(page, "\x1b") || strings.Contains(page, "2a-<b>") {
			t.Errorf("%s holds a key as it came", name)
		}
	}
}
