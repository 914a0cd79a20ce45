package harness

import (
	"strings"
	"testing"
	"time"
)

// inContainers says that the trial ran on the reference platform in containers.
func inContainers(ev *Evidence) { ev.Stack.Kind = "docker" }

// said adds what the backup said at a time.
func said(at float64, kind Kind, detail string) change {
	return func(ev *Evidence) {
		s := signalAt(at, .001, backupSource, "backup", kind)
		s.Detail = detail
		ev.Signals = append(ev.Signals, s)
	}
}

// byClients makes the fault one of clients, which hits no replica.
func byClients(ev *Evidence) {
	ev.Plan.Injections[0].Action, ev.Plan.Injections[0].Targets = "traffic-spike", nil
	in := &ev.Injections[0]
	in.Action, in.Fault, in.Targets, in.InjectAt, in.EffectiveAt = "traffic-spike", "traffic-spike", nil, seconds(10), seconds(10.15)
}

// The usual trial's fault is in effect at 10.1 s and its last stage ends at 45 s.
func TestAVerifiedRestoreIsHeldToItsLimit(t *testing.T) {
	verified := func(at float64) change { return said(at, RestoreVerified, "base b, 3 tables") }
	silent := func(from, to float64) change {
		return func(ev *Evidence) {
			ev.Signals = append(ev.Signals, signalAt(to, to-from, backupSource, "", Silent))
		}
	}
	on := func(name string) change {
		return func(ev *Evidence) { ev.Injections[0].Targets = []string{name} }
	}
	for _, tt := range []struct {
		rule    string
		limit   float64
		changes []change
		want    Outcome
		code    Code
		says    string
	}{
		{"one within the limit passes", 20, []change{verified(25)}, Pass, "", "A restore was verified after 14.9 s (±100 ms), counted from the fault, within the limit of 20 s."},
		{"one beyond it fails", 20, []change{verified(35)}, Fail, LimitExceeded, "after 24.9 s (±100 ms), counted from the fault, more than the limit of 20 s."},
		{"one beyond it by less than can be told is neither", 20, []change{verified(30.105)}, Inconclusive, WithinResolution, "too coarse to tell"},
		{"the first one counts, in whatever order they came", 20, []change{verified(35), verified(25)}, Pass, "", "after 14.9 s"},
		{"one from before the fault does not count", 20, []change{verified(10)}, Fail, NotRecovered, "No restore was verified within 34.9 s, the limit is 20 s."},
		{"the moment of the fault does", 20, []change{verified(10.1)}, Pass, "", "within"},
		{"none fails once the limit has passed", 34.9, nil, Fail, NotRecovered, "No restore was verified within 34.9 s, the limit is 34.9 s."},
		{"none before the limit has passed is not known", 35, nil, Inconclusive, Unobserved, "No restore was verified within 34.9 s, when the time line ended; the limit is 35 s."},
		{"one that failed says why", 20, []change{said(22, RestoreFailed, "table orders: want 3 rows, saw 2")}, Fail, NotRecovered, "No restore was verified (one failed: table orders: want 3 rows, saw 2) within 34.9 s"},
		{"one that failed before one was verified is no matter", 20, []change{said(22, RestoreFailed, "no space"), verified(26)}, Pass, "", "after 15.9 s"},
		{"a copy alone is not verified", 20, []change{said(22, BackedUp, "base b")}, Fail, NotRecovered, "No restore was verified"},
		{"a backup that says nothing to the end may have verified one", 20, []change{silent(15, 45.3)}, Inconclusive, Unobserved, "within 4.9 s, when the time line ended"},
		{"one that said nothing from after the limit did not", 20, []change{silent(31, 45.3)}, Fail, NotRecovered, "within 20.9 s"},
		{"one that answers again has said what it did", 20, []change{silent(15, 40)}, Fail, NotRecovered, "within 34.9 s"},
		{"one that the fault itself silenced has not", 20, []change{on("backup"), silent(15, 45.3)}, Fail, NotRecovered, "No restore was verified"},
		{"a fault of clients counts from its effect", 20, []change{byClients, verified(25)}, Pass, "", "after 14.8 s (±150 ms)"},
		{"and fails when nothing came", 20, []change{byClients}, Fail, NotRecovered, "within 34.9 s"},
		{"a fault that breaks nothing is none", 20, []change{func(ev *Evidence) { ev.Injections[0].Action = NoopAction }, verified(25)}, Inconclusive, Unobserved, "No fault took effect"},
		{"on somebody's own containers nobody says", 20, []change{func(ev *Evidence) { ev.Stack.Kind = "compose" }}, Inconclusive, Unobserved, "nobody on this stack"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			s := killing(Limits{VerifiedRestore: ptr(seconds(tt.limit))})
			v := Judge(s, []Evidence{trialOf(s, append([]change{inContainers}, tt.changes...)...)}, nil)
			f := find(v, verifiedRestore)
			if f.Outcome != tt.want || f.Code != tt.code || v.Outcome != tt.want {
				t.Errorf("%v %s, verdict %v; want %v %s: %s", f.Outcome, f.Code, v.Outcome, tt.want, tt.code, f.Reason)
			}
			if !strings.Contains(strings.ToLower(f.Reason), strings.ToLower(tt.says)) {
				t.Errorf("says %q\nwant %q in it", f.Reason, tt.says)
			}
			if (f.Outcome == Inconclusive) != (f.Needs != "") || f.Limit != "≤ "+formatDuration(seconds(tt.limit)) {
				t.Errorf("needs %q with limit %q", f.Needs, f.Limit)
			}
		})
	}
}

func TestAVerifiedRestoreNamesItsSignal(t *testing.T) {
	s := killing(Limits{VerifiedRestore: ptr(20 * time.Second)})
	ev := trialOf(s, inContainers, said(25, RestoreVerified, ""))
	f := find(Judge(s, []Evidence{ev}, nil), verifiedRestore)
	if want := len(ev.Signals); len(f.Evidence) != 1 || f.Evidence[0] != "signal "+formatCount(want) {
		t.Errorf("evidence %q, want the signal %d", f.Evidence, want)
	}
	if f.MeasuredValue == nil || *f.MeasuredValue != 14.9 || f.LimitValue == nil || *f.LimitValue != 20 {
		t.Errorf("measured %v of %v, want 14.9 of 20 seconds", f.MeasuredValue, f.LimitValue)
	}
}

func TestWhatTheBackupSaysIsNoDetectionAndNoRepair(t *testing.T) {
	for _, k := range []Kind{BackedUp, RestoreVerified, RestoreFailed} {
		if k.Detects() || k.Repairs() || k.Pages() {
			t.Errorf("%s detects %v, repairs %v, pages %v; want none", k, k.Detects(), k.Repairs(), k.Pages())
		}
		if heard(Evidence{Signals: []Signal{{Kind: k}}}) {
			t.Errorf("%s is taken for somebody who could notice a fault", k)
		}
	}
}
