package reports

import (
	"slices"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

func TestNewRun(t *testing.T) {
	t.Run("evidence joins the verdict of its scenario, by trial", func(t *testing.T) {
		s := samples()["suite"]
		r := newRun("", s.verdicts, append(slices.Clone(s.evidence), killEvidence(3), killEvidence(2)))
		var got [][]int
		for _, s := range r.scenarios {
			var numbers []int
			for _, tr := range s.trials {
				if tr.evidence != nil && tr.evidence.Plan.Scenario.Name != s.Scenario {
					t.Errorf("%s got evidence of %s", s.Scenario, tr.evidence.Plan.Scenario.Name)
				}
				numbers = append(numbers, tr.number)
			}
			got = append(got, numbers)
		}
		if d := cmp.Diff([][]int{{1, 2, 3}, {1}, {1}}, got); d != "" {
			t.Error(d)
		}
	})
	t.Run("the run is as bad as its worst verdict, and nothing is never a pass", func(t *testing.T) {
		if got := newRun("", samples()["suite"].verdicts, nil).outcome; got != harness.Invalid {
			t.Errorf("outcome = %v, want invalid", got)
		}
		if got := newRun("", nil, nil).outcome; got != harness.Inconclusive {
			t.Errorf("outcome of nothing = %v, want inconclusive", got)
		}
	})
	t.Run("the trial to look at first is the worst one", func(t *testing.T) {
		s := trialsSample()
		sc := newRun("", s.verdicts, s.evidence).scenarios[0]
		if got := sc.trials[sc.worst()].number; got != 4 {
			t.Errorf("worst trial = %d, want 4", got)
		}
	})
	t.Run("among equals it is the one with the most failures", func(t *testing.T) {
		sc := scenario{trials: []trial{{number: 1, measured: &harness.Measurement{Bad: 1}}, {number: 2, measured: &harness.Measurement{Bad: 5}}}}
		if got := sc.worst(); got != 1 {
			t.Errorf("worst = %d, want 1", got)
		}
	})
	t.Run("advice does not make a trial bad", func(t *testing.T) {
		fs := []harness.Finding{{Outcome: harness.Pass}, {Outcome: harness.Fail, Advisory: true}}
		if got := decided(fs, harness.Invalid); got != harness.Pass {
			t.Errorf("decided = %v, want pass", got)
		}
		if got := decided(nil, harness.Invalid); got != harness.Invalid {
			t.Errorf("decided without findings = %v, want the scenario's", got)
		}
	})
}
