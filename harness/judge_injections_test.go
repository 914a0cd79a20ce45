package harness

import (
	"strings"
	"testing"
)

// injected are n trials of s, of which the first missed lose requests.
func injected(s Scenario, n, missed int, changes ...change) []Evidence {
	var trials []Evidence
	for i := range n {
		own := changes
		if i < missed {
			own = append([]change{failing(10, 12, 1)}, changes...)
		}
		ev := trialOf(s, own...)
		ev.Plan.Trial = i + 1
		trials = append(trials, ev)
	}
	return trials
}

// under holds a trial to terms.
func under(t Terms) change { return func(ev *Evidence) { ev.Terms = t } }

func TestInjectionsSayHowManyMoreAreNeeded(t *testing.T) {
	for _, c := range []struct {
		clean, missed int
		want          Outcome
		measured      string
		bound, needs  string
	}{
		{1, 0, Inconclusive, "1 of 1 clean", "95.8 %", "4 for pr (at most 50 % exceed), 15 for nightly (at most 20 % exceed), 32 for release (at most 10 % exceed)"},
		{5, 0, Pass, "5 of 5 clean", "49 %", "11 for nightly (at most 20 % exceed), 28 for release (at most 10 % exceed)"},
		{33, 0, Pass, "33 of 33 clean", "9.8 %", ""},
		{9, 1, Fail, "9 of 10 clean", "51 %", "1 for pr (at most 50 % exceed), 21 for nightly (at most 20 % exceed), 55 for release (at most 10 % exceed)"},
	} {
		t.Run(c.measured, func(t *testing.T) {
			s := killing(allLimits())
			f := find(Judge(s, injected(s, c.clean+c.missed, c.missed), nil), "injections")
			if f.Outcome != c.want || !f.Advisory || f.Measured != c.measured {
				t.Errorf("got %v, advisory %v, %s; want %v, true, %s", f.Outcome, f.Advisory, f.Measured, c.want, c.measured)
			}
			if !strings.Contains(f.Reason, "at most "+c.bound+" of such injections") {
				t.Errorf("reason: got %q, want a bound of %s", f.Reason, c.bound)
			}
			if got := strings.TrimPrefix(f.Needs, "more clean injections: "); got != c.needs {
				t.Errorf("needs: got %q, want %q", got, c.needs)
			}
		})
	}
}

func TestUnderATierTheInjectionsDecideTogether(t *testing.T) {
	for _, c := range []struct {
		rule      string
		terms     Terms
		n, missed int
		want      Outcome
		code      Code
		needs     string
	}{
		{"5 clean injections pass tier pr", Terms{Tier: "pr"}, 5, 0, Pass, "", ""},
		{"4 do not", Terms{Tier: "pr"}, 4, 0, Inconclusive, TooFewTrials, "1 more clean injection, about 45 s"},
		{"16 pass tier nightly", Terms{Tier: "nightly"}, 16, 0, Pass, "", ""},
		{"15 do not", Terms{Tier: "nightly"}, 15, 0, Inconclusive, TooFewTrials, "1 more clean injection, about 45 s"},
		{"33 pass tier release", Terms{Tier: "release"}, 33, 0, Pass, "", ""},
		{"one miss is made up for by more clean ones", Terms{Tier: "pr"}, 11, 1, Pass, "", ""},
		{"one miss is no refutation", Terms{Tier: "pr"}, 3, 1, Inconclusive, TooFewTrials, ""},
		{"misses alone refute it", Terms{Tier: "pr"}, 6, 6, Fail, LimitExceeded, ""},
		{"among many checks one that alone would be refuted is suspect", Terms{Tier: "pr", Checks: 100}, 6, 6, Inconclusive, Suspect, "more injections, or a run of this scenario alone"},
		{"earlier runs of the same build count", Terms{Tier: "nightly", Carried: []Carried{{RunID: "r0", Injections: 14}}}, 9, 0, Pass, "", ""},
		{"so do their misses", Terms{Tier: "pr", Carried: []Carried{{RunID: "r0", Injections: 3, Exceeding: 3}}}, 5, 0, Inconclusive, TooFewTrials, ""},
		{"a tier that is none decides nothing", Terms{Tier: "weekly"}, 9, 0, Inconclusive, TooFewTrials, "another run with one of these tiers"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := killing(allLimits())
			v := Judge(s, injected(s, c.n, c.missed, under(c.terms)), nil)
			f := find(v, "injections")
			if v.Outcome != c.want || f.Outcome != c.want || f.Code != c.code || f.Advisory {
				t.Errorf("got %v, injections %v %s (advisory %v); want %v %s: %s", v.Outcome, f.Outcome, f.Code, f.Advisory, c.want, c.code, f.Reason)
			}
			if c.needs != "" && f.Needs != c.needs {
				t.Errorf("needs: got %q, want %q", f.Needs, c.needs)
			}
			if (f.Needs != "") != (c.want == Inconclusive) {
				t.Errorf("%v with needs %q", c.want, f.Needs)
			}
		})
	}
}

func TestWhatNobodySawIsNoCleanInjection(t *testing.T) {
	limits := allLimits()
	limits.LostWrites = ptr(0) // there is no ledger
	s := killing(limits)
	v := Judge(s, injected(s, 40, 0, under(Terms{Tier: "pr"})), nil)
	if f := find(v, "injections"); v.Outcome != Inconclusive || !strings.Contains(f.Reason, "of 40 it cannot be told") {
		t.Errorf("got %v: %s", v.Outcome, f.Reason)
	}
}

func TestNoNumberOfCleanInjectionsMakesUpFor(t *testing.T) {
	s := killing(allLimits())
	for rule, c := range map[string]struct {
		damage change
		check  string
	}{
		"a fault that did too much harm": {func(ev *Evidence) {
			ev.End.Reason, ev.End.Code, ev.End.Detail = Aborted, SafetyStop, "60 % of the requests failed for 3 s"
		}, "safety"},
		"a stack that is not steady again": {func(ev *Evidence) {
			ev.Checks = append(ev.Checks, CheckRecord{Probe: "http", Stage: Recovery, At: seconds(44), Detail: "503"})
		}, "probes"},
	} {
		t.Run(rule, func(t *testing.T) {
			trials := injected(s, 40, 0, under(Terms{Tier: "pr"}))
			c.damage(&trials[3])
			v := Judge(s, trials, nil)
			if f := find(v, c.check); v.Outcome != Fail || f.Outcome != Fail || f.Advisory {
				t.Errorf("got %v, %s %v (advisory %v)", v.Outcome, c.check, f.Outcome, f.Advisory)
			}
		})
	}
}

func TestSentenceOfATier(t *testing.T) {
	s := killing(allLimits())
	want := "PASS: in 5 trials, killing one of three catalog replicas cost at most 0 of 10,500 requests (limit 0.01 %) and at most 0 ms of downtime; " +
		"detected after at most 200 ms, routed around after at most 2.4 s; 5 of 5 injections were within every limit, enough for tier pr."
	if got := Judge(s, injected(s, 5, 0, under(Terms{Tier: "pr"})), nil).Sentence; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
