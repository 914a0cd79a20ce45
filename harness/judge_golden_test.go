package harness

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var updateGolden = flag.Bool("update", false, "write fixtures/evidence anew")

// golden are runs whose verdict is known, good and bad. Each is a folder of
// fixtures/evidence: evidence.jsonl and the verdict that Judge has to come to,
// to the byte, in expected.json.
func golden() map[string][]Evidence {
	kill, rest := killing(allLimits()), resting(.99, seconds(6))
	kill.Stages = Stages{Steady: seconds(5), Baseline: seconds(5), Disruption: seconds(20), Recovery: seconds(15)}
	return map[string][]Evidence{
		"good-kill":       {trialOf(kill)},
		"good-steady":     {trialOf(rest)},
		"bad-kill":        {trialOf(kill, failing(10, 12, 1))},
		"bad-slow-detect": {trialOf(kill, silenced(Ejected), func(ev *Evidence) { ev.Signals[1].At += 10 * time.Second })},
		"bad-steady":      {trialOf(rest, failing(6, 10, 1))},
		"killed":          {trialOf(kill, func(ev *Evidence) { ev.End = End{} })},
	}
}

func TestGoldenEvidenceIsJudgedToTheByte(t *testing.T) {
	want := map[string]Outcome{
		"good-kill": Pass, "good-steady": Pass, "bad-kill": Fail, "bad-slow-detect": Fail, "bad-steady": Fail, "killed": Invalid,
	}
	for name, trials := range golden() {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("..", "fixtures", "evidence", name)
			if *updateGolden {
				writeGolden(t, dir, trials)
			}
			file, err := os.ReadFile(filepath.Join(dir, "evidence.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			saved, err := ReadEvidence(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			expected, err := os.ReadFile(filepath.Join(dir, "expected.json"))
			if err != nil {
				t.Fatal(err)
			}
			for range 3 {
				v := Judge(saved[0].Plan.Scenario, saved, nil)
				if v.Outcome != want[name] {
					t.Errorf("got %v, want %v: %s", v.Outcome, want[name], v.Sentence)
				}
				if !bytes.Equal(goldenVerdict(t, v), expected) {
					t.Fatalf("the verdict is another; run with -update and read the difference. It is now:\n%s", goldenVerdict(t, v))
				}
			}
		})
	}
}

func goldenVerdict(t *testing.T, v Verdict) []byte {
	t.Helper()
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(text, '\n')
}

func writeGolden(t *testing.T, dir string, trials []Evidence) {
	t.Helper()
	var file bytes.Buffer
	for _, ev := range trials {
		if err := WriteEvidence(&file, ev); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"evidence.jsonl": file.Bytes(),
		"expected.json":  goldenVerdict(t, Judge(trials[0].Plan.Scenario, trials, nil)),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
