package reports

import (
	"slices"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

// invalidWith is a run that is no evidence for the given reasons.
func invalidWith(codes ...harness.Code) sample {
	s := invalidSample()
	v := &s.verdicts[0]
	v.Findings = nil
	for _, code := range codes {
		v.Findings = append(v.Findings, harness.Finding{
			Check: "trial", Trial: 1, Outcome: harness.Invalid, Code: code, Reason: "Because of " + string(code) + ".", Needs: "another trial",
		})
	}
	return s
}

func TestAnInvalidRunLeadsWithItsCause(t *testing.T) {
	for name, tt := range map[string]struct {
		codes []harness.Code
		lead  string
		first string
	}{
		"a slow generator explains a stack that looked ill, and that nothing was sent": {
			[]harness.Code{harness.SteadyStateNotMet, harness.ZeroEvents, harness.GeneratorSaturated},
			"The load generator could not keep its schedule: because of GENERATOR_SATURATED.", "lower --rate (300/s here)",
		},
		"an ill stack explains a fault that was never injected": {
			[]harness.Code{harness.FaultNotEffective, harness.SteadyStateNotMet},
			"The stack was not healthy before anything was broken: because of STEADY_STATE_NOT_MET.", "fournines run steady-state",
		},
		"an interruption explains everything": {
			[]harness.Code{harness.TelemetryGap, harness.LoadShortfall, harness.InterruptedRun},
			"The run was cut short: because of INTERRUPTED.", "about 47 s of load",
		},
		"a code that is not known is said as it is": {
			[]harness.Code{"NEW_CODE"}, "Because of NEW_CODE.", "Another trial",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := invalidWith(tt.codes...)
			r := newRun("", s.verdicts, s.evidence).scenarios[0]
			if want := tt.lead + " So this run says nothing about the stack."; r.said() != want {
				t.Errorf("headline %q, want %q", r.said(), want)
			}
			if got := r.needs(); len(got) != 1 || !strings.Contains(strings.ReplaceAll(got[0], nbsp, " "), tt.first) {
				t.Errorf("advice %q, want one that holds %q", got, tt.first)
			}
		})
	}
}

func TestEveryReasonForInvalidHasAdvice(t *testing.T) {
	for _, code := range causeOrder {
		s := invalidWith(code)
		r := newRun("", s.verdicts, s.evidence).scenarios[0]
		if got := r.needs(); len(got) != 1 || strings.HasPrefix(got[0], "Another trial") {
			t.Errorf("%s: advice %q, want what to do", code, got)
		}
		if troubles[code] == (trouble{}) {
			t.Errorf("%s: it has no words", code)
		}
	}
}

func TestAFaultThatMayBeThereIsAlwaysSaid(t *testing.T) {
	s := invalidWith(harness.HarnessError, harness.FaultNotRemoved)
	got := newRun("", s.verdicts, s.evidence).scenarios[0].needs()
	if !slices.ContainsFunc(got, func(text string) bool {
		return strings.Contains(text, "fournines down") && strings.Contains(text, "docker start catalog-2")
	}) {
		t.Errorf("advice %q, want how to remove the fault", got)
	}
}
