package benchmark

import (
	"bytes"
	"os"
	"runtime"
	"strings"
	"testing"
)

func TestEveryTableIsInTheDocument(t *testing.T) {
	doc, err := os.ReadFile("../../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	rest := string(doc)
	for _, table := range Tables() {
		_, after, ok := strings.Cut(rest, "\n"+table.Header()+"\n|---")
		if !ok {
			t.Errorf("docs/benchmarks.md has no table, in this order, with the header\n%s", table.Header())
			continue
		}
		rest = after
	}
}

func TestRow(t *testing.T) {
	small := table("small", "rate")
	if got, want := small.Row("a|b"), "| "+Machine()+` | a\|b |`; got != want {
		t.Errorf("Row = %s, want %s", got, want)
	}
	defer func() {
		if p := recover(); p == nil || !strings.Contains(p.(string), "2 cells after the machine's; want 1") {
			t.Errorf("a row with a cell too many: panicked with %v", p)
		}
	}()
	small.Row("1", "2")
}

func TestPrintBeginsOnALineOfItsOwn(t *testing.T) {
	var b bytes.Buffer
	if err := table("small").Print(&b, "| a |", "| b |"); err != nil {
		t.Fatal(err)
	}
	if want := "\nRows for docs/benchmarks.md, \"small\":\n| a |\n| b |\n"; b.String() != want {
		t.Errorf("printed %q, want %q", b.String(), want)
	}
}

func TestMachineTellsGoAndSystem(t *testing.T) {
	for _, want := range []string{" cores", runtime.GOOS + "/" + runtime.GOARCH, runtime.Version()} {
		if !strings.Contains(Machine(), want) {
			t.Errorf("Machine = %q, want %q in it", Machine(), want)
		}
	}
}

func TestRunsText(t *testing.T) {
	for _, test := range []struct {
		rule string
		runs Runs
		want string
	}{
		{"no run gives a dash", nil, "–"},
		{"one run has no spread", Runs{1.25}, "1.2 s"},
		{"an odd number of runs: the middle, least and largest", Runs{3, 1, 2}, "2.0 (1.0–3.0) s"},
		{"an even number of runs: the mean of the two in the middle", Runs{4, 1, 2, 3}, "2.5 (1.0–4.0) s"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			if got := test.runs.Text("%.1f", "s"); got != test.want {
				t.Errorf("Text = %q, want %q", got, test.want)
			}
		})
	}
}
