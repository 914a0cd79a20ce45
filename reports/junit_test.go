package reports

import (
	"bytes"
	"encoding/xml"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

// junitCase is what a CI system reads of a case.
type junitCase struct {
	Name    string    `xml:"name,attr"`
	Failure *struct{} `xml:"failure"`
	Error   *struct{} `xml:"error"`
	Skipped *struct{} `xml:"skipped"`
}

// results reads the cases back: name to passed, failure, error or skipped.
func results(t *testing.T, s sample) map[string]string {
	t.Helper()
	var file struct {
		Cases []junitCase `xml:"testsuite>testcase"`
	}
	src := render(t, newRun(sampleRun, s.verdicts, s.evidence).junit)
	if err := xml.NewDecoder(bytes.NewReader(src)).Decode(&file); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range file.Cases {
		result := "passed"
		switch {
		case c.Failure != nil:
			result = "failure"
		case c.Error != nil:
			result = "error"
		case c.Skipped != nil:
			result = "skipped"
		}
		got[c.Name] = result
	}
	return got
}

func TestJUnitResults(t *testing.T) {
	one := func(outcome harness.Outcome) sample {
		v := verdict(outcome, "said")
		v.Findings = []harness.Finding{{Check: "check", Outcome: outcome, Reason: "because"}}
		return sample{verdicts: []harness.Verdict{v}}
	}
	advisory := one(harness.Pass)
	advisory.verdicts[0].Findings = append(advisory.verdicts[0].Findings, harness.Finding{Check: "hint", Outcome: harness.Fail, Advisory: true})
	lost := one(harness.Pass)
	lost.verdicts[0].Outcome = harness.Invalid
	none := one(harness.Inconclusive)
	none.verdicts[0].Findings = nil

	tests := map[string]struct {
		in   sample
		want map[string]string
	}{
		"a pass is a passed case":                     {one(harness.Pass), map[string]string{"check": "passed"}},
		"a missed objective is a failure":             {one(harness.Fail), map[string]string{"check": "failure"}},
		"an invalid experiment is an error":           {one(harness.Invalid), map[string]string{"check": "error"}},
		"too little evidence is skipped":              {one(harness.Inconclusive), map[string]string{"check": "skipped"}},
		"advice is no case and never fails":           {advisory, map[string]string{"check": "passed"}},
		"a verdict worse than its findings is a case": {lost, map[string]string{"check": "passed", "verdict": "error"}},
		"a verdict without findings is a case":        {none, map[string]string{"verdict": "skipped"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(tt.want, results(t, tt.in)); d != "" {
				t.Error(d)
			}
		})
	}
}
