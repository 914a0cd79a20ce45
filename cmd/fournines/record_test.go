package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

var record = flag.Bool("record", false, "record fixtures/evidence/recorded-* anew, from runs on this machine")

// recordings is how often a recording is tried on a machine that is too busy
// for it.
const recordings = 20

// TestRecordEvidence writes what real runs leave into fixtures/evidence, which
// says how; without -record it does nothing. A run that is no evidence is not
// kept.
func TestRecordEvidence(t *testing.T) {
	if !*record {
		t.Skip("want -record: it writes fixtures/evidence/recorded-*")
	}
	t.Run("recorded-kill", func(t *testing.T) {
		keep(t, "recorded-kill", func() []string {
			return []string{"run", "catalog-replica-kill", "--stack", "inproc", "--for", "8s", "--seed", "11"}
		})
	})
	t.Run("recorded-observe", func(t *testing.T) {
		g := newTarget(t)
		var breaking sync.WaitGroup
		defer breaking.Wait()
		keep(t, "recorded-observe", func() []string {
			breaking.Wait()
			breaking.Go(func() {
				for range 3 { // a refutation wants failures in three distinct seconds
					g.await(answering, 150)
					g.breakFor(failing, func() { g.await(failing, 30) })
				}
			})
			return []string{"observe", "--url", g.url(), "--for", "15s", "--rate", "50"}
		})
	})
}

// keep runs a command until its evidence is some, and keeps that.
func keep(t *testing.T, name string, command func() []string) {
	for range recordings {
		out := t.TempDir()
		var said, errs strings.Builder
		run(t.Context(), append(command(), "--out", out), strings.NewReader(""), &said, &errs)
		dirs, err := filepath.Glob(filepath.Join(out, "*"))
		if err != nil || len(dirs) != 1 {
			t.Fatalf("%d runs, %v:\n%s", len(dirs), err, errs.String())
		}
		dir, err := reports.OpenDir(dirs[0])
		if err != nil {
			t.Fatal(err)
		}
		trials, err := savedEvidence(dir)
		if err != nil {
			t.Fatal(err)
		}
		if v := harness.Judge(trials[0].Plan.Scenario, trials, nil); v.Outcome == harness.Invalid {
			t.Logf("not kept: %s", v.Sentence)
			continue
		}
		file, err := os.ReadFile(dir.File(reports.EvidenceFile))
		if err != nil {
			t.Fatal(err)
		}
		folder := filepath.Join("..", "..", "fixtures", "evidence", name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "evidence.jsonl"), file, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("kept:\n%s", said.String())
		return
	}
	t.Errorf("none of %d runs was evidence: this machine is too busy", recordings)
}
