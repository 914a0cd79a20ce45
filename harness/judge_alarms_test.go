package harness

import (
	"strings"
	"testing"
)

func TestNobodyIsPagedWhileNothingIsBroken(t *testing.T) {
	idle := func(ev *Evidence) {
		ev.Plan.Injections, ev.Injections, ev.Signals = nil, nil, nil
		ev.Stack.Observers = []Sight{
			{Source: "prometheus", Components: []string{"catalog"}},
			{Source: "alertmanager", Components: []string{"catalog"}, Pages: true},
		}
	}
	noop := func(ev *Evidence) {
		usual := trialOf(killing(Limits{}))
		ev.Plan.Injections, ev.Injections = usual.Plan.Injections, usual.Injections
		ev.Plan.Injections[0].Action, ev.Injections[0].Action = NoopAction, NoopAction
	}
	nobody := func(ev *Evidence) { ev.Stack.Observers = nil }
	fires := func(source string) change { return withSignals(signalAt(12, 0, source, "catalog-2", AlertFiring)) }
	for _, c := range []struct {
		rule    string
		changes []change
		want    Outcome
		reason  string
	}{
		{"silence is what is wanted", []change{idle}, Pass, "nobody was paged"},
		{"a page is a false alarm", []change{idle, fires("alertmanager")}, Fail, "paged once: "},
		{"so it is where no-op is injected", []change{idle, noop, fires("alertmanager")}, Fail, "catalog-2"},
		{"an alert that was not sent pages nobody", []change{idle, fires("prometheus")}, Pass, ""},
		{"an alert about requests that fail is no false one", []change{idle, failing(11, 12, 1), fires("alertmanager")}, Pass, ""},
		{"an alert before requests fail is one", []change{idle, failing(13, 14, 1), fires("alertmanager")}, Fail, ""},
		{"where nobody pages nothing is judged", []change{idle, nobody, fires("alertmanager")}, Inconclusive, ""},
		{"a fault may page", []change{withSignals(signalAt(12, 0, "alertmanager", "catalog-2", AlertFiring)), func(ev *Evidence) {
			ev.Stack.Observers = []Sight{{Source: "alertmanager", Components: []string{"catalog"}, Pages: true}}
		}}, Inconclusive, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(Limits{Downtime: ptr(seconds(20))})
			f := find(Judge(s, []Evidence{trialOf(s, c.changes...)}, nil), "false-alarms")
			if f.Outcome != c.want || !strings.Contains(f.Reason, c.reason) {
				t.Errorf("got %v: %q; want %v: %q", f.Outcome, f.Reason, c.want, c.reason)
			}
		})
	}
}

func TestOnlyWhatIsSentPages(t *testing.T) {
	both := func(ev *Evidence) {
		ev.Stack.Observers = []Sight{
			{Source: "prometheus", Components: []string{"catalog"}},
			{Source: "alertmanager", Components: []string{"catalog"}, Pages: true},
		}
	}
	r := Measure(trialOf(killing(Limits{}), both, withSignals(
		signalAt(11, 0, "prometheus", "catalog-2", AlertFiring), signalAt(11.4, 0, "alertmanager", "catalog-2", AlertFiring)))).Recovery
	if r.Detected.Hi != seconds(11) || r.Paged.Hi != seconds(11.4) || r.Paged.Source != "alertmanager" {
		t.Errorf("detected %v, paged %v by %q; want 11 s, and 11.4 s by alertmanager", r.Detected.Hi, r.Paged.Hi, r.Paged.Source)
	}
	r = Measure(trialOf(killing(Limits{}), both, silenced(AlertFiring), withSignals(signalAt(11, 0, "prometheus", "catalog-2", AlertFiring)))).Recovery
	if r.Paged.State != NotSeen {
		t.Errorf("paged %+v; want nobody: the alert was not sent", r.Paged)
	}
}
