package harness

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

var updateGolden = flag.Bool("update", false, "write fixtures/evidence anew")

// golden are made-up runs whose verdict is known, good and bad. Each is a
// folder of fixtures/evidence: evidence.jsonl and the verdict that Judge has to
// come to, to the byte, in expected.json. The folders that are not in it hold
// runs that were recorded: -update writes their expectation anew and never
// their evidence.
func golden() map[string][]Evidence {
	kill, rest := killing(allLimits()), resting(.99, seconds(6))
	kill.Stages = Stages{Steady: seconds(5), Baseline: seconds(5), Disruption: seconds(20), Recovery: seconds(15)}
	s, sooner := brief(allLimits())
	earlier := Carried{RunID: "last-night", Injections: 12}
	return map[string][]Evidence{
		"regression":      briefly(s, sooner, 8, detectedAfter(.9), func(ev *Evidence) { ev.Terms = regressionTerms(s, sooner) }),
		"tier":            briefly(s, sooner, 4, func(ev *Evidence) { ev.Terms = Terms{Tier: "nightly", Checks: 3, Carried: []Carried{earlier}} }),
		"tier-short":      briefly(s, sooner, 4, func(ev *Evidence) { ev.Terms = Terms{Tier: "nightly", Checks: 3} }),
		"invalid":         everyInvalid(s, sooner),
		"good-kill":       {trialOf(kill)},
		"good-steady":     {trialOf(rest)},
		"bad-kill":        {trialOf(kill, failing(10, 12, 1))},
		"bad-slow-detect": {trialOf(kill, silenced(Ejected), func(ev *Evidence) { ev.Signals[1].At += 10 * time.Second })},
		"bad-steady":      {trialOf(rest, failing(6, 10, 1))},
		"killed":          {trialOf(kill, func(ev *Evidence) { ev.End = End{} })},
	}
}

// briefly are n brief trials of s with changes.
func briefly(s Scenario, sooner change, n int, changes ...change) []Evidence {
	var trials []Evidence
	for i := range n {
		usual := func(ev *Evidence) { ev.Plan.Trial, ev.Environment = i+1, map[string]string{"cores": "2"} }
		trials = append(trials, trialOf(s, append([]change{usual, sooner, detectedAfter(.01 * float64(i))}, changes...)...))
	}
	return trials
}

// regressionTerms are those of a run that names a baseline of eight brief
// trials.
func regressionTerms(s Scenario, sooner change) Terms {
	sum := BaselineRun{Ref: "main", Trials: briefly(s, sooner, 8)}.Summary(s)
	return Terms{Checks: Checks([]Scenario{s}, "", true), Baseline: &sum}
}

// everyInvalid has one trial for each code that makes a run Invalid, in the
// order of the codes.
func everyInvalid(s Scenario, sooner change) []Evidence {
	var trials []Evidence
	rows := invalidating()
	for i, code := range slices.Sorted(maps.Keys(rows)) {
		trials = append(trials, trialOf(s, func(ev *Evidence) { ev.Plan.Trial = i + 1 }, sooner, rows[code]))
	}
	return trials
}

func TestGoldenEvidenceIsJudgedToTheByte(t *testing.T) {
	want := map[string]Outcome{
		"good-kill": Pass, "good-steady": Pass, "bad-kill": Fail, "bad-slow-detect": Fail, "bad-steady": Fail, "killed": Invalid,
		"regression": Fail, "tier": Pass, "tier-short": Inconclusive, "invalid": Invalid,
		"recorded-containers": Pass, "recorded-kill": Pass, "recorded-observe": Fail, "recorded-saturated": Invalid,
	}
	made := golden()
	root := filepath.Join("..", "fixtures", "evidence")
	if *updateGolden {
		for name, trials := range made {
			writeEvidence(t, filepath.Join(root, name), trials)
		}
	}
	folders, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for name := range want {
		if !slices.ContainsFunc(folders, func(f os.DirEntry) bool { return f.Name() == name }) {
			t.Errorf("no folder %s in %s: run with -update", name, root)
		}
	}
	for _, folder := range folders {
		if !folder.IsDir() {
			continue // what says how they were made
		}
		name := folder.Name()
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(root, name)
			if _, ok := want[name]; !ok {
				t.Fatalf("nothing says what %s comes to", name)
			}
			file, err := os.ReadFile(filepath.Join(dir, "evidence.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			saved, err := ReadEvidence(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			if *updateGolden {
				text := goldenVerdict(t, Judge(saved[0].Plan.Scenario, saved, nil))
				if err := os.WriteFile(filepath.Join(dir, "expected.json"), text, 0o644); err != nil {
					t.Fatal(err)
				}
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

func writeEvidence(t *testing.T, dir string, trials []Evidence) {
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
	if err := os.WriteFile(filepath.Join(dir, "evidence.jsonl"), file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
