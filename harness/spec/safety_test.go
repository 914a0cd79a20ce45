package spec

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

func TestSafety(t *testing.T) {
	const before = `apiVersion: fournines/v1
kind: Scenario
metadata: {name: kill}
hypothesis: it holds
load: {rate: 300/s, mix: browse}
slo: {availability: 99.99%}
`
	const faults = "faults:\n  - {action: container-kill, target: {component: catalog}}\n"
	for _, c := range []struct {
		rule, text string
		want       *harness.Safety
		wrong      string // file:line:column and the message, in part
	}{
		{"what is not written is the default", faults, nil, ""},
		{"a share and a time", faults + "safety: {bad: 20%, for: 3s}\n", &harness.Safety{Bad: .2, For: 3 * time.Second}, ""},
		{"off", faults + "safety: off\n", &harness.Safety{Off: true}, ""},
		{"another word is refused", faults + "safety: on\n", nil, `kill.yaml:9:9: safety: expected {bad: 20%, for: 3s} or a word (off), saw "on"`},
		{"half of it is refused", faults + "safety: {bad: 20%}\n", nil, `kill.yaml:9:9: safety:`},
		{"a share of nothing is refused", faults + "safety: {bad: 0%, for: 3s}\n", nil, `kill.yaml:9:15: safety.bad:`},
		{"a time of nothing is refused", faults + "safety: {bad: 10%, for: 0s}\n", nil, `kill.yaml:9:25: safety.for:`},
		{"there is none without a fault", "safety: off\n", nil, `kill.yaml:7:9: safety:`},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s, err := Parse("kill.yaml", []byte(before+c.text))
			switch {
			case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
				t.Errorf("error %v, want it to hold %q", err, c.wrong)
			case c.wrong == "" && err != nil:
				t.Error(err)
			case c.wrong == "":
				if diff := cmp.Diff(c.want, s.Safety); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}
