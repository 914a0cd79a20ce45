package harness

import (
	"testing"
	"time"
)

func TestSentencesAreForPeopleWhoNeverSawATool(t *testing.T) {
	limits := allLimits()
	for _, c := range []struct {
		name   string
		trials []Evidence
		want   string
	}{
		{"one trial that cost nothing", []Evidence{trialOf(killing(limits))},
			"PASS: killing one of three catalog replicas cost 0 of 10,500 requests (limit 0.01 %) and 0 ms of downtime; detected after 200 ms, routed around after 2.4 s."},
		{"several trials", []Evidence{trialOf(killing(limits)), trialOf(killing(limits), failed(15, 1))},
			"PASS: in 2 trials, killing one of three catalog replicas cost at most 1 of 10,500 requests (limit 0.01 %) and at most 3.3 ms of downtime; detected after at most 200 ms, routed around after at most 2.4 s."},
		{"a replica that the platform itself started again", []Evidence{trialOf(killing(limits), silenced(LeaseExpired), func(ev *Evidence) {
			ev.Signals = append(ev.Signals, signalAt(13, .1, "containers", "catalog-2", Ready))
		})},
			"PASS: killing one of three catalog replicas cost 0 of 10,500 requests (limit 0.01 %) and 0 ms of downtime; detected after 200 ms, ready again after 2.9 s."},
		{"a limit that was missed", []Evidence{trialOf(killing(limits)), trialOf(killing(limits), second, failing(10, 12, 1))},
			"FAIL: killing one of three catalog replicas: in trial 2 of 2, 600 of 10,500 requests (5.7 %) failed, more than the limit of 0.01 % (600 refused) (and 1 more finding)."},
		{"a killed harness", []Evidence{trialOf(killing(limits), func(ev *Evidence) { ev.End = End{} })},
			"INVALID: this run says nothing about the stack: the trial has no end: fournines was killed while it ran."},
		{"no trial", nil,
			"INCONCLUSIVE: there is no evidence: no trial was recorded; needed: a run of the scenario."},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Judge(killing(limits), c.trials, nil).Sentence; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func second(ev *Evidence) { ev.Plan.Trial = 2 }

func TestSentencesOfSteadyState(t *testing.T) {
	long, short := resting(.9999, seconds(114)), resting(.9999, seconds(10))
	if got, want := Judge(long, []Evidence{trialOf(long)}, nil).Sentence,
		"PASS: without a fault 0 of 34,200 requests failed; at 95 % confidence at most the allowed 0.01 % do, as far as requests fail one by one: the scenario declares no burst (slo.burst), so nothing is said about outages."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := Judge(short, []Evidence{trialOf(short)}, nil).Sentence,
		"INCONCLUSIVE: without a fault 0 of 3,000 requests failed, too few to claim 99.99 %: at 95 % confidence up to 0.11 % may fail, and 0.01 % is allowed; needed: 31,049 requests more without a failure, about 103.5 s at 300/s (a test of a length fixed before looking takes 29,956 in all)."; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSentencesOfAnObservedEndpointSayWhenItWasGone(t *testing.T) {
	s := resting(.9999, seconds(10))
	s.Stages.Steady = 0
	s.Load.Mix, s.Load.URL = "", "http://127.0.0.1:8080/"
	for name, c := range map[string]struct {
		changes []change
		want    string
	}{
		"no failure": {nil,
			"INCONCLUSIVE: 0 of 3,000 requests failed, too few to claim 99.99 %: at 95 % confidence up to 0.11 % may fail, and 0.01 % is allowed; needed: 31,049 requests more without a failure, about 103.5 s at 300/s (a test of a length fixed before looking takes 29,956 in all)."},
		"one outage": {[]change{failed(2, 1)},
			"INCONCLUSIVE: 1 of 3,000 requests (0.033 %) failed in one outage of 3.3 ms, too few to claim 99.99 %: at 95 % confidence up to 0.23 % may fail, and 0.01 % is allowed; needed: 64,810 requests more without a failure, about 3 min 36 s at 300/s (a test of a length fixed before looking takes 47,437 in all)."},
		"in the first and the last moment, and between": {[]change{failed(0, 1), failing(4, 5.2, 1), failed(9.9, 1)},
			"FAIL: 362 of 3,000 requests (12 %) failed in 3 outages, the longest 1.2 s; at 95 % confidence at least 0.51 % do, more than the allowed 0.01 %."},
	} {
		t.Run(name, func(t *testing.T) {
			c.changes = append(c.changes, func(ev *Evidence) { // stages never begin and end on a tick
				ev.Stages = []StageRecord{{Baseline, Window{20 * time.Microsecond, s.Stages.Baseline - time.Millisecond}}}
			})
			if got := Judge(s, []Evidence{trialOf(s, c.changes...)}, nil).Sentence; got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDeedsNameWhatWasHit(t *testing.T) {
	stack := replicas3()
	for _, c := range []struct {
		action  string
		targets []string
		want    string
	}{
		{"container-kill", []string{"catalog-2"}, "killing one of three catalog replicas"},
		{"container-pause", []string{"catalog-2", "catalog-3"}, "freezing two of three catalog replicas"},
		{"container-kill", []string{"catalog-1", "catalog-2", "catalog-3"}, "killing all three catalog replicas"},
		{"container-kill", []string{"edge"}, "killing the only edge replica"},
		{"container-kill", []string{"catalog-2", "edge"}, "killing catalog-2 and edge"},
		{"container-kill", []string{"a", "b", "c", "d", "e"}, "killing a, b, c and 2 more"},
		{"leader-kill", []string{"catalog-2"}, "killing one of three catalog replicas"},
		{"zone-outage", []string{"catalog-2", "edge"}, "taking down catalog-2 and edge"},
		{"process-crash-loop", []string{"catalog-2"}, "repeatedly killing one of three catalog replicas"},
		{"net-delay", []string{"orders-7"}, "injecting net-delay into orders-7"},
		{NoopAction, nil, "injecting nothing"},
	} {
		ev := Evidence{}
		ev.Stack.Targets = stack
		ev.Plan.Injections = []PlannedInjection{{Action: c.action, Targets: c.targets}}
		if got := deed([]judged{{ev: ev}}); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
