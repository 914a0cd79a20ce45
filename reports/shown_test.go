package reports

import (
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
)

func TestShown(t *testing.T) {
	f := func(check string, trial int, o harness.Outcome, value float64) harness.Finding {
		return harness.Finding{Check: check, Trial: trial, Outcome: o, MeasuredValue: &value}
	}
	unknown := harness.Finding{Check: "recovery", Trial: 2, Outcome: harness.Pass}
	two := []trial{{number: 1}, {number: 2}}
	tests := map[string]struct {
		trials   []trial
		in, want []harness.Finding
	}{
		"one trial shows everything": {
			two[:1],
			[]harness.Finding{f("failed", 1, harness.Pass, 1), f("downtime", 1, harness.Pass, 1)},
			[]harness.Finding{f("failed", 1, harness.Pass, 1), f("downtime", 1, harness.Pass, 1)},
		},
		"of several trials the worse outcome is shown, whatever its value": {
			two,
			[]harness.Finding{f("failed", 1, harness.Fail, 1), f("failed", 2, harness.Pass, 9)},
			[]harness.Finding{f("failed", 1, harness.Fail, 1)},
		},
		"among equal outcomes the larger value is shown": {
			two,
			[]harness.Finding{f("failed", 1, harness.Pass, 1), f("failed", 2, harness.Pass, 2)},
			[]harness.Finding{f("failed", 2, harness.Pass, 2)},
		},
		"what was not measured is shown rather than what was": {
			two,
			[]harness.Finding{f("recovery", 1, harness.Pass, 1), unknown},
			[]harness.Finding{unknown},
		},
		"findings about all trials are always shown": {
			two,
			[]harness.Finding{f("injections", 0, harness.Pass, 1), f("failed", 1, harness.Pass, 1), f("injections", 0, harness.Pass, 1)},
			[]harness.Finding{f("injections", 0, harness.Pass, 1), f("failed", 1, harness.Pass, 1), f("injections", 0, harness.Pass, 1)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := scenario{Verdict: harness.Verdict{Findings: tt.in}, trials: tt.trials}.shown()
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
