package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestJudgeTellsKnownGoodFromKnownBadEvidence(t *testing.T) {
	want := map[string]int{
		"good-kill": exitPass, "good-steady": exitPass, "bad-kill": exitMissed, "bad-slow-detect": exitMissed,
		"bad-steady": exitMissed, "killed": exitInvalid, "regression": exitMissed, "tier": exitPass,
		"tier-short": exitInconclusive, "invalid": exitNotRemoved, // one of its trials ended with its fault
		"recorded-containers": exitPass, "recorded-kill": exitPass, "recorded-observe": exitMissed, "recorded-saturated": exitInvalid,
	}
	root := filepath.Join("..", "..", "fixtures", "evidence")
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue
		}
		t.Run(folder.Name(), func(t *testing.T) {
			dir := filepath.Join(root, folder.Name())
			code, out, errs := command(t, "judge", dir, "--json")
			if wanted, ok := want[folder.Name()]; !ok || code != wanted {
				t.Fatalf("exit code %d, want %d:\n%s%s", code, wanted, out, errs)
			}
			var result struct {
				ExitCode int
				Verdicts []harness.Verdict
			}
			if err := json.Unmarshal([]byte(out), &result); err != nil {
				t.Fatal(err)
			}
			if result.ExitCode != code || len(result.Verdicts) != 1 {
				t.Fatalf("the result says exit code %d and has %d verdicts, want %d and 1", result.ExitCode, len(result.Verdicts), code)
			}
			expected, err := os.ReadFile(filepath.Join(dir, "expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			verdict, err := json.MarshalIndent(result.Verdicts[0], "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			if got := append(verdict, '\n'); !bytes.Equal(got, expected) {
				t.Errorf("the printed verdict is not the expected one:\n%s", got)
			}
		})
	}
}
