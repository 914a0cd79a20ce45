package harness

import (
	"strings"
	"testing"
)

// The usual trial's fault is in effect at 10.1 s and its last stage ends at 45 s.
func TestMoreReplicasAreHeldToTheirLimit(t *testing.T) {
	tell := func(at float64, source, subject string, kind Kind) change {
		return func(ev *Evidence) { ev.Signals = append(ev.Signals, signalAt(at, .001, source, subject, kind)) }
	}
	placed := func(at float64) change { return tell(at, "controller", "catalog-4", Placed) }
	added := func(at float64) change { return tell(at, "gateway-1", "catalog-4", Added) }
	for _, tt := range []struct {
		rule    string
		limit   float64
		changes []change
		want    Outcome
		code    Code
		says    string
	}{
		{"one within the limit passes", 20, []change{placed(20), added(22)}, Pass, "", "A replica that was added took up requests after 11.9 s (±100 ms), counted from the fault, within the limit of 20 s."},
		{"one beyond it fails", 10, []change{placed(20), added(22)}, Fail, LimitExceeded, "after 11.9 s"},
		{"the first gateway counts", 20, []change{placed(20), added(30), added(22)}, Pass, "", "after 11.9 s"},
		{"one that nobody takes up is of no use", 20, []change{placed(20)}, Fail, NotRecovered, "No replica was added within 34.9 s, the limit is 20 s."},
		{"one that was there before is none", 20, []change{placed(9), added(22)}, Fail, NotRecovered, "No replica was added"},
		{"nor is one that came back", 20, []change{tell(20, "controller", "catalog-1", Restarted), tell(22, "gateway-1", "catalog-1", Added)}, Fail, NotRecovered, "No replica was added"},
		{"nor one that was taken up before", 20, []change{added(20), placed(22)}, Fail, NotRecovered, "No replica was added"},
		{"none before the limit has passed is not known", 35, nil, Inconclusive, Unobserved, "No replica was added within 34.9 s, when the time line ended"},
		{"a fault of clients counts from its effect", 20, []change{byClients, placed(20), added(22)}, Pass, "", "after 11.8 s (±150 ms)"},
		{"a fault that breaks nothing is none", 20, []change{func(ev *Evidence) { ev.Injections[0].Action = NoopAction }}, Inconclusive, Unobserved, "count the time to more replicas from"},
		{"on somebody's own containers nobody does", 20, []change{func(ev *Evidence) { ev.Stack.Kind = "compose" }}, Inconclusive, Unobserved, "nobody on this stack adds replicas"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := killing(Limits{ScaleOut: ptr(seconds(tt.limit))})
			v := Judge(s, []Evidence{trialOf(s, append([]change{inContainers}, tt.changes...)...)}, nil)
			f := find(v, scaleOut)
			if f.Outcome != tt.want || f.Code != tt.code || v.Outcome != tt.want {
				t.Errorf("%v %s, verdict %v; want %v %s: %s", f.Outcome, f.Code, v.Outcome, tt.want, tt.code, f.Reason)
			}
			if !strings.Contains(strings.ToLower(f.Reason), strings.ToLower(tt.says)) {
				t.Errorf("says %q\nwant %q in it", f.Reason, tt.says)
			}
		})
	}
}
