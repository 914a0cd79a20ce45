package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

// command runs fournines and returns its exit code and what it printed.
func command(t *testing.T, words ...string) (code int, out, errs string) {
	t.Helper()
	var o, e strings.Builder
	code = run(t.Context(), words, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// savedWith is a run folder with trials of good evidence that were compared
// with a baseline.
func savedWith(t *testing.T, baseline harness.BaselineRun) string {
	t.Helper()
	evidence := fixture(t, "good-kill")
	dir, err := reports.Create(t.TempDir(), "run-2")
	if err != nil {
		t.Fatal(err)
	}
	sink := dir.Evidence()
	for _, ev := range against(&baseline, evidence) {
		if err := harness.WriteEvidence(sink, ev); err != nil {
			t.Fatal(err)
		}
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	return dir.Path()
}

// fixture is the evidence of a folder of fixtures/evidence.
func fixture(t *testing.T, name string) []harness.Evidence {
	t.Helper()
	dir, err := reports.OpenDir(filepath.Join("..", "..", "fixtures", "evidence", name))
	if err != nil {
		t.Fatal(err)
	}
	evidence, err := savedEvidence(dir)
	if err != nil {
		t.Fatal(err)
	}
	return evidence
}

func TestJudgeComparesWithTheBaselineOfTheRun(t *testing.T) {
	bad := harness.BaselineRun{Ref: "bad-kill", Trials: fixture(t, "bad-kill")}
	dir := savedWith(t, bad)
	code, out, errs := command(t, "judge", dir)
	if code != exitInconclusive || !strings.Contains(out, "failed itself") {
		t.Fatalf("judge = %d, want %d because its baseline failed:\n%s%s", code, exitInconclusive, out, errs)
	}
	if code, out, errs := command(t, "judge", dir, "--write"); code != exitInconclusive {
		t.Errorf("judge --write = %d, want %d:\n%s%s", code, exitInconclusive, out, errs)
	}
	saved, err := os.ReadFile(filepath.Join(dir, reports.VerdictFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(saved, []byte(harness.NoBaseline)) {
		t.Errorf("the verdict that was written knows no baseline:\n%s", saved)
	}
	alone := filepath.Join("..", "..", "fixtures", "evidence", "good-kill")
	if code, _, errs := command(t, "judge", alone); code != exitPass {
		t.Errorf("the same evidence without a baseline: judge = %d, want %d: %s", code, exitPass, errs)
	}
}

func TestAVerdictAgainstAnotherBaselineIsNotWritten(t *testing.T) {
	other := filepath.Join("..", "..", "fixtures", "evidence", "bad-kill")
	good := filepath.Join("..", "..", "fixtures", "evidence", "good-kill")
	if code, out, _ := command(t, "judge", good, "--baseline", other); code != exitInconclusive || !strings.Contains(out, "failed itself") {
		t.Errorf("judge --baseline = %d, want %d:\n%s", code, exitInconclusive, out)
	}
	code, _, errs := command(t, "judge", good, "--baseline", other, "--write")
	if code != exitUsage || !strings.Contains(errs, "run --baseline") {
		t.Errorf("judge --baseline --write = %d, want %d and what to do: %s", code, exitUsage, errs)
	}
	if _, err := os.Stat(filepath.Join(good, reports.VerdictFile)); err == nil {
		t.Error("a verdict was written")
	}
}

func TestARunIsJudgedAgainAfterItsBaselineIsGone(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "calm.yaml")
	text := `apiVersion: fournines/v1
kind: Scenario
metadata: {name: calm}
hypothesis: nothing happens
load: {rate: 50/s, mix: browse}
steady: {for: 2s}
slo: {availability: 99%}
`
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	start := func(words ...string) string {
		out := filepath.Join(home, "runs")
		known, _ := os.ReadDir(out)
		words = append([]string{"run", file, "--stack", "inproc", "--out", out}, words...)
		if code, text, errs := command(t, words...); code != exitInconclusive && code != exitInvalid {
			t.Fatalf("%v = %d, want %d (two seconds are too short), or %d on a busy machine:\n%s%s", words, code, exitInconclusive, exitInvalid, text, errs)
		}
		now, _ := os.ReadDir(out)
		for _, entry := range now {
			isKnown := false
			for _, before := range known {
				isKnown = isKnown || before.Name() == entry.Name()
			}
			if !isKnown {
				return filepath.Join(out, entry.Name())
			}
		}
		t.Fatal("no run folder")
		return ""
	}
	first := start()
	second := start("--baseline", first)
	_, before, _ := command(t, "judge", second, "--json")
	if !strings.Contains(before, `"regression`) {
		t.Fatalf("the run was compared with nothing:\n%s", before)
	}
	if err := os.RemoveAll(first); err != nil {
		t.Fatal(err)
	}
	if _, after, errs := command(t, "judge", second, "--json"); after != before {
		t.Errorf("after its baseline is gone the verdict is another: %s\n%s", errs, after)
	}
}
