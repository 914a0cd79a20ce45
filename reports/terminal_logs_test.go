package reports

import (
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/reports/logs"
)

func TestLogsForPeople(t *testing.T) {
	second := logLine(ms(-20), "edge", "", "a\nb\x1b[31mc")
	second.Trial = 2
	records := []logs.Record{
		logLine(ms(12345), "gateway-1", "WARN", "request"),
		{Scenario: "catalog-replica-kill", Trial: 1, At: ms(12400), Replica: "edge", Component: "edge", Dropped: 7, Why: "too many"},
		second,
	}
	want := `catalog-replica-kill, trial 1
    12.345s  warn   gateway-1  request
    12.400s  warn   edge       (7 of its lines were dropped: too many)

catalog-replica-kill, trial 2
    -0.020s         edge       a bc
`
	if diff := cmp.Diff(want, string(render(t, func(w io.Writer) error { return Logs(w, records) }))); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestTerminalSaysWhereLogsAre(t *testing.T) {
	s := samples()["pass"]
	text := string(render(t, func(w io.Writer) error { return Terminal(w, s.verdicts, TerminalOptions{Logs: "reports/runs/r"}) }))
	if !strings.HasSuffix(text, "\nlogs    `fournines logs reports/runs/r --request ID`\n") {
		t.Errorf("the result ends in %q, want the command that searches the logs", text[max(0, len(text)-100):])
	}
}
