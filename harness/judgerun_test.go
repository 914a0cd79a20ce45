package harness

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checked is the verdict of a scenario with one statistical check.
func checked(name string, o Outcome, code Code, p float64, checks int) Verdict {
	return Verdict{Scenario: name, Outcome: o, Sentence: name, Findings: []Finding{{
		Check: "steady-state", Outcome: o, Code: code, Needs: "more requests", Reason: "9 failed" + suspectClause + "the allowed 0.01 %, but not among the checks.",
		Statistic: &Statistic{PRefuted: p, Checks: checks},
	}}}
}

func TestARunIsJudgedOverAllItsScenarios(t *testing.T) {
	fail := func(p float64) Verdict { return checked("f", Fail, ErrorRatioHigh, p, 4) }
	suspect := func(p float64) Verdict { return checked("s", Inconclusive, Suspect, p, 4) }
	pass, open := checked("p", Pass, "", 1, 4), checked("o", Inconclusive, TooFewRequests, .9, 4)
	plain := Verdict{Outcome: Pass, Findings: []Finding{{Check: "failed", Outcome: Pass}}}
	for _, c := range []struct {
		rule     string
		verdicts []Verdict
		want     Outcome
		each     []Outcome
	}{
		{"nothing is no pass", nil, Inconclusive, []Outcome{}},
		{"all have to pass", []Verdict{pass, plain}, Pass, []Outcome{Pass, Pass}},
		{"one that is open leaves the run open", []Verdict{pass, open}, Inconclusive, []Outcome{Pass, Inconclusive}},
		{"one that fails fails it", []Verdict{pass, fail(.001), open}, Fail, []Outcome{Pass, Fail, Inconclusive}},
		{"an invalid one outranks an open one", []Verdict{open, {Outcome: Invalid}}, Invalid, []Outcome{Inconclusive, Invalid}},
		{"a suspect alone is no failure", []Verdict{suspect(.02), pass}, Inconclusive, []Outcome{Inconclusive, Pass}},
		{"a failure makes room for a suspect: .016*3 is at most .05", []Verdict{fail(.001), suspect(.016)}, Fail, []Outcome{Fail, Fail}},
		{"but only for a sure one: .02*3 is more", []Verdict{fail(.001), suspect(.02)}, Fail, []Outcome{Fail, Inconclusive}},
		{"checks that were declared and not run count", []Verdict{checked("s", Inconclusive, Suspect, .03, 9)}, Inconclusive, []Outcome{Inconclusive}},
		{"a check with p = 0 has refuted", []Verdict{suspect(0)}, Fail, []Outcome{Fail}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			before := mustJSON(t, c.verdicts)
			run := JudgeRun(c.verdicts)
			each := []Outcome{}
			for _, v := range run.Verdicts {
				each = append(each, v.Outcome)
			}
			if diff := cmp.Diff(c.each, each); run.Outcome != c.want || diff != "" {
				t.Errorf("run %v, want %v; each (-want +got):\n%s", run.Outcome, c.want, diff)
			}
			if mustJSON(t, c.verdicts) != before {
				t.Error("the verdicts were changed")
			}
			if again := JudgeRun(run.Verdicts); mustJSON(t, again) != mustJSON(t, run) {
				t.Error("judged again, the run comes to something else")
			}
		})
	}
}

func TestAFailureByHolmsRuleSaysSo(t *testing.T) {
	v := JudgeRun([]Verdict{checked("f", Fail, ErrorRatioHigh, .001, 3), checked("s", Inconclusive, Suspect, .02, 3)}).Verdicts[1]
	f := v.Findings[0]
	if f.Code != ErrorRatioHigh || f.Needs != "" || !strings.Contains(f.Reason, "Holm's rule") || !strings.HasPrefix(v.Sentence, "FAIL: 9 failed") {
		t.Errorf("got %+v, %q", f, v.Sentence)
	}
}
