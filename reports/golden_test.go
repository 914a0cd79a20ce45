package reports

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test ./reports -update, and read what it wrote", err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s changed (-want +got); if it is meant: go test ./reports -update\n%s", path, d)
	}
}

func render(t *testing.T, write func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHTMLGolden(t *testing.T) {
	// One of each shape; the others are held to the rules in html_test.go.
	for _, name := range []string{"pass", "inconclusive", "observed", "empty"} {
		t.Run(name, func(t *testing.T) {
			s := samples()[name]
			golden(t, name+".html", render(t, newRun(sampleRun, s.verdicts, s.evidence).html))
		})
	}
}

func TestMarkdownGolden(t *testing.T) {
	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".md", render(t, newRun(sampleRun, s.verdicts, s.evidence).markdown))
		})
	}
}

func TestJUnitGolden(t *testing.T) {
	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			golden(t, name+".xml", render(t, newRun(sampleRun, s.verdicts, s.evidence).junit))
		})
	}
}

func TestTerminalGolden(t *testing.T) {
	for name, s := range samples() {
		for suffix, o := range map[string]TerminalOptions{
			".txt":        {},
			".narrow.txt": {Width: 60},
			".color.txt":  {Color: true, Width: 100, ReportPath: "reports/runs/" + sampleRun + "/report.html"},
		} {
			t.Run(name+suffix, func(t *testing.T) {
				o.Evidence = s.evidence
				golden(t, name+suffix, render(t, func(w io.Writer) error { return Terminal(w, s.verdicts, o) }))
			})
		}
	}
}
