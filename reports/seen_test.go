package reports

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestSeenIsToldWhereNothingWasBroken(t *testing.T) {
	r := newRun("", passSample().verdicts, passSample().evidence)
	if got := r.scenarios[0].trials[0].seen(); got != nil {
		t.Errorf("a trial with a fault has its recovery to tell, got %v", got)
	}
	observed := observedSample()
	shown := newRun("", observed.verdicts, observed.evidence).scenarios[0].trials[0]
	text := fmt.Sprint(shown.seen())
	for _, want := range []string{
		"95.96\u00a0% of requests, 95.96\u00a0% of time by outages, 95.66\u00a0% by slices",
		"1.21\u00a0s ±3\u00a0ms by outages, 1.3\u00a0s ±100\u00a0ms by slices",
		"1\u00a0s with 0\u00a0% good, 5\u00a0s with 76\u00a0%",
		"fresh: 24 of 600 failed, down for 1.2\u00a0s ±50\u00a0ms in 1\u00a0outage",
		"pooled: 0 of 600 failed",
		"360 refused, 3 http-5xx",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	nothing := *shown.measured
	nothing.Scheduled = 0
	shown.measured = &nothing
	if got := shown.seen(); got != nil {
		t.Errorf("a trial that sent nothing has nothing to tell, got %v", got)
	}
}

func TestLongListsOfOutagesAreCutAndSayingSo(t *testing.T) {
	s := observedSample()
	m := &s.verdicts[0].Trials[0]
	for len(m.Outages) < pageOutages+7 {
		m.Outages = append(m.Outages, harness.Outage{Window: harness.Window{From: ms(29000), To: ms(29010)}, Bad: 1})
	}
	m.Outages[1].Open = true
	r := newRun(sampleRun, s.verdicts, s.evidence)
	rows, more := r.scenarios[0].trials[0].outageRows(pageOutages)
	if len(rows) != pageOutages || more != "and 7 more, in evidence.jsonl" {
		t.Errorf("%d rows and %q, want %d and 7 more", len(rows), more, pageOutages)
	}
	if !strings.HasSuffix(rows[1].Length, "and not over") {
		t.Errorf("an outage that was not over lasted %q", rows[1].Length)
	}
	var b bytes.Buffer
	if err := Terminal(&b, s.verdicts, TerminalOptions{Evidence: s.evidence}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "and 97 more, in evidence.jsonl") {
		t.Errorf("the terminal does not say how many outages it leaves out:\n%s", b.String())
	}
}

func TestWhatAnEndpointSaysCannotBreakTheReport(t *testing.T) {
	s := observedSample()
	s.verdicts[0].Trials[0].Outages[0].Example = "http-5xx: <script>alert(1)</script>\x1b[2J\nsecond line"
	s.evidence[0].Plan.Scenario.Load.URL = "http://127.0.0.1/?q=<b>'$(id)'"
	r := newRun(sampleRun, s.verdicts, s.evidence)
	page := string(render(t, r.html))
	if strings.Contains(page, "<script") || strings.Contains(page, "<b>") || strings.Contains(page, "\x1b") {
		t.Error("foreign text reached the page unescaped")
	}
	if got, want := r.scenarios[0].replay(), `--url 'http://127.0.0.1/?q=<b>'\''$(id)'\'''`; !strings.Contains(got, want) {
		t.Errorf("replay %s, want it to quote the URL as %s", got, want)
	}
}
