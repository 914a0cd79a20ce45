package main

import (
	"io"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

// savedRun is a run directory with plans for two trials, of which the first
// few have evidence that is complete.
func savedRun(t *testing.T, recorded int) *reports.Dir {
	t.Helper()
	r, _ := newTestRunner(t, nil)
	if err := r.dir.WritePlans(r.plans); err != nil {
		t.Fatal(err)
	}
	sink := r.dir.Evidence()
	defer sink.Close()
	for _, plan := range r.plans[:recorded] {
		ev := harness.Evidence{
			Header: harness.Header{Schema: harness.EvidenceSchema, RunID: r.dir.RunID(), Plan: plan},
			End:    harness.End{Reason: harness.Completed},
		}
		if err := harness.WriteEvidence(sink, ev); err != nil {
			t.Fatal(err)
		}
	}
	return r.dir
}

func TestATrialThatLeftNothingIsNotPassedOver(t *testing.T) {
	for _, tt := range []struct {
		name     string
		recorded int
	}{
		{"killed before the first trial", 0},
		{"killed between two trials", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			evidence, err := savedEvidence(savedRun(t, tt.recorded))
			if err != nil {
				t.Fatal(err)
			}
			if len(evidence) != 2 {
				t.Fatalf("%d trials, want the 2 that were planned", len(evidence))
			}
			if got := evidence[1].End.Reason; got != harness.Killed {
				t.Errorf("the missing trial ended as %q, want it killed", got)
			}
			if v := judgeAll(evidence); len(v) != 1 || v[0].Outcome != harness.Invalid {
				t.Errorf("verdicts %+v, want one that is invalid", v)
			}
		})
	}
}

func TestJudgeRefusesWhatIsNoRun(t *testing.T) {
	for _, tt := range []struct{ name, path string }{
		{"a folder that does not exist", t.TempDir() + "/nothing"},
		{"a folder that holds no run", t.TempDir()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var errs strings.Builder
			if code := run(t.Context(), []string{"judge", tt.path}, strings.NewReader(""), io.Discard, &errs); code != exitUsage {
				t.Errorf("judge = %d, want %d: %s", code, exitUsage, errs.String())
			}
		})
	}
}

func TestScenariosAreJudgedApart(t *testing.T) {
	trial := func(name string, number int) harness.Evidence {
		var ev harness.Evidence
		ev.Plan.Scenario.Name, ev.Plan.Trial = name, number
		return ev
	}
	verdicts := judgeAll([]harness.Evidence{trial("b", 1), trial("a", 1), trial("b", 2)})
	if len(verdicts) != 2 || verdicts[0].Scenario != "b" || verdicts[1].Scenario != "a" || len(verdicts[0].Trials) != 2 {
		t.Errorf("verdicts %+v, want b with two trials, then a", verdicts)
	}
}
