package reports

import (
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func views(t *testing.T, s sample) map[string]string {
	t.Helper()
	r := newRun(sampleRun, s.verdicts, s.evidence)
	var text strings.Builder
	if err := Terminal(&text, s.verdicts, TerminalOptions{Evidence: s.evidence, Width: 400}); err != nil {
		t.Fatal(err)
	}
	views := map[string]string{"terminal": text.String(), "markdown": string(render(t, r.markdown)), "page": string(render(t, r.html))}
	for name, view := range views {
		views[name] = strings.ReplaceAll(view, nbsp, " ")
	}
	return views
}

func TestAnInvalidRunShowsWhatWasSeenAsNotJudged(t *testing.T) {
	for name, view := range views(t, invalidSample()) {
		for _, want := range []string{"een, not judged", "10,560", "0.028 %", "194 % of a core", "at most 182 ms late", "11 % of the planned ones not sent"} {
			if !strings.Contains(view, want) {
				t.Errorf("the %s does not say %q:\n%s", name, want, view)
			}
		}
	}
	for name, view := range views(t, passSample()) {
		if strings.Contains(view, "not judged") {
			t.Errorf("the %s of a run that was judged says that it was not", name)
		}
	}
}

func TestAnInvalidRunWithoutRequestsSaysSo(t *testing.T) {
	s := invalidSample()
	m := &s.verdicts[0].Trials[0]
	m.Scheduled, m.Bad, m.Classes, m.Outages, m.Episodes = 0, 0, nil, nil, nil
	shown := newRun("", s.verdicts, s.evidence).scenarios[0].trials[0]
	if got := shown.unjudged(); len(got) != 2 || got[0].text != "none was sent in the judged time" {
		t.Errorf("got %v", got)
	}
	shown.evidence.Seconds = nil
	if got := shown.unjudged(); got != nil {
		t.Errorf("nothing was recorded, and the report says %v", got)
	}
}

func TestEveryReportSaysWhatTheGeneratorUsed(t *testing.T) {
	for name, view := range views(t, passSample()) {
		if want := "8 % of a core, 99 of 100 requests sent at most 0.37 ms late"; !strings.Contains(view, want) {
			t.Errorf("the %s does not say %q:\n%s", name, want, view)
		}
	}
	for name, view := range views(t, inconclusiveSample()) {
		if want := "8 % of a core with the stack in it"; !strings.Contains(view, want) {
			t.Errorf("the %s takes the stack's work for the generator's", name)
		}
	}
}

func TestAGeneratorThatWasRobbedIsNotToldToDoLess(t *testing.T) {
	s := invalidSample()
	s.verdicts[0].Findings[0].Code = harness.GeneratorSaturated
	g := &s.verdicts[0].Trials[0].Generator
	advice := "nothing on this machine can help"
	g.Stolen, g.StolenAt = .05, ms(12000) // as much as may be
	for name, view := range views(t, s) {
		if strings.Contains(view, advice) || !strings.Contains(view, "lower --rate") {
			t.Errorf("the %s blames the host for 5 %%:\n%s", name, view)
		}
	}
	g.Stolen = .34
	for name, view := range views(t, s) {
		if want := "The host took 34 % of this machine's processors away at 12.00 s: " + advice; !strings.Contains(strings.ReplaceAll(view, "&#39;", "'"), want) || strings.Contains(view, "lower --rate") {
			t.Errorf("the %s does not say %q:\n%s", name, want, view)
		}
	}
}
