package harness

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// losingAll makes the fault hit every catalog replica; all leases expire.
func losingAll(ev *Evidence) {
	all := []string{"catalog-1", "catalog-2", "catalog-3"}
	ev.Plan.Injections[0].Targets, ev.Injections[0].Targets = all, all
	ev.Signals = append(ev.Signals,
		signalAt(12.6, .1, "registry", "catalog-1", LeaseExpired), signalAt(12.7, .1, "registry", "catalog-3", LeaseExpired))
}

func TestRecoveryIsOverWhenUsersAreServedAgain(t *testing.T) {
	short := func(s *Scenario) { s.Stages.Recovery = seconds(2) }
	for _, c := range []struct {
		rule    string
		limit   float64
		stages  func(*Scenario)
		changes []change
		want    Outcome
		code    Code
		says    string
	}{
		{"expired leases of all replicas repair nothing", 10, nil,
			[]change{losingAll, failing(10.2, 30.6, 1)}, Fail, NotRecovered, "users were still not served 20.4 s after the fault"},
		{"a replica that comes back by itself does, when users are back too", 10, nil,
			[]change{losingAll, failing(10.2, 14, 1), withReady(13.8)}, Pass, "", "Users were served again after 3.9 s"},
		{"users who are back too late are too late whatever the platform says", 3, nil,
			[]change{failing(10.2, 14, 1)}, Fail, LimitExceeded, "users were still not served 3.8 s after the fault"},
		{"users who were last down before the limit, and the trial ended soon after", 22, nil,
			[]change{failing(10.2, 29.9, 1), func(ev *Evidence) { end(ev, 35) }}, Inconclusive, Unobserved, "the trial ended before service had been good for 10 s"},
		{"users who are back only because the harness removed the fault", 25, nil,
			[]change{failing(10.2, 31, 1)}, Inconclusive, Unobserved, "not before the harness set out to remove it after 19.9 s"},
		{"a trial too short to hold is long enough when users were never without", 25, short,
			nil, Pass, "", "the platform had dealt with the fault after 2.4 s"},
		{"users who are without again while the fault is in effect are not back", 10, nil,
			[]change{failing(10.2, 12, 1), failing(25, 26, 1)}, Fail, LimitExceeded, "users were still not served 15.8 s after the fault"},
		{"users who are without again later are said", 10, nil,
			[]change{failing(10.2, 12, 1), failing(31, 32, 1)}, Pass, "", "the platform had dealt with the fault after 2.4 s (±100 ms), within the limit of 10 s. Users were without service again 20.9 s after the fault, for 1 s in all"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(Limits{Recovery: ptr(seconds(c.limit))})
			if c.stages != nil {
				c.stages(&s)
			}
			v := Judge(s, []Evidence{trialOf(s, c.changes...)}, nil)
			f := find(v, TotalPhase)
			if f.Outcome != c.want || f.Code != c.code || !strings.Contains(lowerFirst(f.Reason), lowerFirst(c.says)) {
				t.Errorf("got %v %s: %s\nwant %v %s with %q", f.Outcome, f.Code, f.Reason, c.want, c.code, c.says)
			}
			if r := v.Trials[0].Recovery; r.Recovered.State == Seen != (c.want == Pass || c.code == LimitExceeded) {
				t.Errorf("recovered: got %+v beside %v %s", r.Recovered, f.Outcome, f.Code)
			}
		})
	}
}

// withReady makes every replica ready at a time, by itself.
func withReady(at float64) change {
	return func(ev *Evidence) {
		for _, name := range []string{"catalog-1", "catalog-2", "catalog-3"} {
			ev.Signals = append(ev.Signals, signalAt(at, .1, "readiness", name, Ready))
		}
	}
}

// end cuts a trial at a time.
func end(ev *Evidence, at float64) {
	last := &ev.Stages[len(ev.Stages)-1]
	last.To, ev.End.At = seconds(at), seconds(at)
	ev.Seconds = ev.Seconds[:int(at)]
}

func TestRelapsesAreNoted(t *testing.T) {
	r := Measure(trialOf(killing(Limits{}), failing(10.2, 12, 1), failing(31, 31.4, 1), failing(33, 33.2, 1))).Recovery
	if len(r.Relapses) != 2 || r.Relapses[0] != (Window{seconds(31), seconds(31.4)}) {
		t.Errorf("relapses: got %v, want [31 s, 31.4 s] and one more", r.Relapses)
	}
	if want := "users were without service again 20.9 s after the fault, for 600 ms in all"; !slices.Contains(r.Notes, want) {
		t.Errorf("notes: got %q, want %q", r.Notes, want)
	}
}

func TestSilenceOfNobodyIsNoSilence(t *testing.T) {
	edgeDies := func(ev *Evidence) {
		ev.Plan.Injections[0].Targets, ev.Injections[0].Targets = []string{"edge"}, []string{"edge"}
		ev.Signals = []Signal{signalAt(10.1, .01, "containers", "edge", Died), signalAt(30.5, .1, "readiness", "edge", Ready)}
	}
	seenBy := func(sights ...Sight) change {
		return func(ev *Evidence) { ev.Stack.Observers = append([]Sight{}, sights...) }
	}
	gateways := Sight{Source: "gateway-1", Components: []string{"catalog"}}
	prometheus := Sight{Source: "prometheus", Components: []string{"catalog", "edge"}, Pages: true}
	for _, c := range []struct {
		rule    string
		changes []change
		want    Outcome
		code    Code
	}{
		{"nobody on the stack can see the edge", []change{edgeDies, seenBy(gateways)}, Inconclusive, Unobserved},
		{"nobody on the stack can see anything", []change{edgeDies, seenBy()}, Inconclusive, Unobserved},
		{"somebody can, and said nothing", []change{edgeDies, seenBy(gateways, prometheus)}, Fail, NotRecovered},
		{"somebody noticed who was not expected to", []change{edgeDies, seenBy(gateways), func(ev *Evidence) {
			ev.Signals = append(ev.Signals, signalAt(10.4, .1, "gateway-9", "edge", Ejected))
		}}, Pass, ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(Limits{Detection: ptr(2 * time.Second)})
			v := Judge(s, []Evidence{trialOf(s, c.changes...)}, nil)
			f := find(v, DetectionPhase)
			if f.Outcome != c.want || f.Code != c.code {
				t.Errorf("got %v %s, want %v %s: %s", f.Outcome, f.Code, c.want, c.code, f.Reason)
			}
			if c.code == Unobserved && !strings.HasPrefix(f.Reason, "No observer on this stack can notice a fault in edge") {
				t.Errorf("reason: got %q, want it to say that nobody could", f.Reason)
			}
		})
	}
}

func TestAWrongNameIsNoDiagnosis(t *testing.T) {
	wrong := signalAt(10.8, .05, "gateway-1", "catalog-1", Ejected)
	for _, c := range []struct {
		rule    string
		signals []Signal
		want    StampState
		note    string
	}{
		{"a wrong name and never the right one", []Signal{wrong}, Seen, "named catalog-1 after 700 ms by gateway-1: wrong, the fault was in catalog-2; and the right name was not said"},
		{"a wrong name and then the right one", []Signal{wrong, signalAt(11.1, 0, "edge", "catalog-2", LBDown)}, Seen, "named catalog-1 after 700 ms by gateway-1: wrong, the fault was in catalog-2; the right name came after 1 s"},
		{"another name after the right one is a consequence", []Signal{signalAt(10.5, 0, "edge", "catalog-2", LBDown), wrong}, "", ""},
		{"an alert that names nobody names nothing wrong", []Signal{signalAt(10.5, 0, "prometheus", "", AlertFiring)}, "", ""},
	} {
		t.Run(c.rule, func(t *testing.T) {
			r := Measure(trialOf(killing(Limits{}), withSignals(c.signals...))).Recovery
			if r.Misnamed.State != c.want || c.note != "" && !slices.Contains(r.Notes, c.note) {
				t.Errorf("got %+v, notes %q; want %q, %q", r.Misnamed, r.Notes, c.want, c.note)
			}
		})
	}
	s := killing(Limits{Diagnosis: ptr(2 * time.Second)})
	f := find(Judge(s, []Evidence{trialOf(s, withSignals(wrong))}, nil), DiagnosisPhase)
	if f.Outcome != Fail || !strings.Contains(f.Reason, "(gateway-1 named catalog-1, wrong)") {
		t.Errorf("got %v: %s; want a failure that says who named what", f.Outcome, f.Reason)
	}
}

func TestMachinesAndPagerHaveTheirOwnDetection(t *testing.T) {
	r := Measure(trialOf(killing(Limits{}), withSignals(
		signalAt(11, 0, "prometheus", "catalog-2", AlertFiring), signalAt(12, 0, "gateway-1", "catalog-2", Ejected)))).Recovery
	if r.Detected.Hi != seconds(11) || r.Paged.Hi != seconds(11) || r.Noticed.Hi != seconds(12) {
		t.Errorf("detected %v, paged %v, noticed %v; want 11 s, 11 s, 12 s", r.Detected.Hi, r.Paged.Hi, r.Noticed.Hi)
	}
	nobody := func(ev *Evidence) {
		ev.Stack.Observers = []Sight{{Source: "registry", Components: []string{"catalog"}}}
	}
	if r := Measure(trialOf(killing(Limits{}), silenced(AlertFiring), nobody)).Recovery; r.Paged.State != NotSeen || r.Paged.Detail != "no observer on this stack pages anybody" {
		t.Errorf("paged: got %+v, want it said that nobody could be", r.Paged)
	}
	if r := Measure(trialOf(killing(Limits{}), withSignals(signalAt(11, 0, "prometheus", "catalog-2", AlertFiring)))).Recovery; r.Noticed.State != NotSeen {
		t.Errorf("noticed: got %+v, want unobserved: only the pager spoke", r.Noticed)
	}
}

func TestEachTargetHasItsOwnStamps(t *testing.T) {
	r := Measure(trialOf(killing(Limits{}), losingAll, withReady(14))).Recovery
	if len(r.Targets) != 3 || r.Targets[1].Name != "catalog-2" || r.Targets[1].Effective.Hi != seconds(10.1) || r.Targets[1].Diagnosed.Hi != seconds(10.3) {
		t.Fatalf("got %+v, want three targets with the stamps of catalog-2", r.Targets)
	}
	if want := "catalog-1: in effect not observed, named after 2.5 s by registry, repaired after 3.9 s by readiness"; !slices.Contains(r.Notes, want) {
		t.Errorf("notes: got %q, want %q", r.Notes, want)
	}
	if r := Measure(trialOf(killing(Limits{}))).Recovery; r.Targets != nil {
		t.Errorf("one target: got %+v, want none apart", r.Targets)
	}
}

func TestWhatCannotBeToldFromNothingIsShownAsItsBound(t *testing.T) {
	s := killing(Limits{Detection: ptr(2 * time.Second), Diagnosis: ptr(time.Second)})
	s.Faults[0].Target.Component = "catalog"
	same := withSignals(signalAt(10.05, .001, "gateway-1", "catalog-2", Ejected), signalAt(12.5, .1, "registry", "catalog-2", LeaseExpired))
	v := Judge(s, []Evidence{trialOf(s, same)}, nil)
	f := find(v, DetectionPhase)
	if f.Outcome != Pass || f.Measured != "< 50 ms" || f.Reason != "The fault was detected within 50 ms by gateway-1 (ejected catalog-2), within the limit of 2 s." {
		t.Errorf("got %v %q: %s", f.Outcome, f.Measured, f.Reason)
	}
	if f.Resolution != "" {
		t.Errorf("resolution: got %q beside a bound, want none", f.Resolution)
	}
	if !strings.Contains(v.Sentence, "detected within 50 ms") {
		t.Errorf("sentence: got %q, want the same bound", v.Sentence)
	}
	for _, c := range []struct {
		phase Phase
		bound time.Duration
		ok    bool
	}{
		{Phase{State: Seen, Length: 0, Resolution: 52}, 52, true},
		{Phase{State: Seen, Length: 10, Resolution: 52}, 62, true},
		{Phase{State: Seen, Length: 52, Resolution: 52}, 0, false},
		{Phase{State: Seen}, 0, false},
		{Phase{State: Censored, Resolution: 52}, 0, false},
		{Phase{State: NotSeen, Resolution: 52}, 0, false},
	} {
		if bound, ok := c.phase.Below(); bound != c.bound || ok != c.ok {
			t.Errorf("%+v: got %v %v, want %v %v", c.phase, bound, ok, c.bound, c.ok)
		}
	}
}
