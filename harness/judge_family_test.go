package harness

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/slo"
)

// alike draws n trials of a stack whose times have a long tail and in which
// requests fail in an episode now and then.
func alike(random *rand.Rand, n int) []judged {
	var all []judged
	long := func(mean time.Duration) time.Duration { return time.Duration(random.ExpFloat64() * float64(mean)) }
	for i := range n {
		m := Measurement{Trial: i + 1, Judged: Window{0, 35 * time.Second}}
		for random.Float64() < .3 {
			m.Episodes = append(m.Episodes, Outage{})
		}
		m.OutageDowntime.Total = long(time.Second)
		detection := long(3 * time.Second)
		m.Recovery = RecoveryTime{
			Applies: true,
			Phases:  []Phase{{Name: DetectionPhase, State: Seen, Length: detection}},
			Total:   Phase{Name: TotalPhase, State: Seen, Length: detection + long(5*time.Second)},
		}
		all = append(all, judged{number: i + 1, m: m})
	}
	return all
}

// against is the comparison of two arms as a run of that many checks makes it.
func against(now, then []judged, checks int) Verdict {
	s := killing(allLimits())
	a := armOf(then)
	b := BaselineSummary{Ref: "main", Episodes: a.episodes, Exposure: a.exposure, Times: map[string]BaselineTimes{}}
	for _, t := range timedChecks() {
		b.Times[t.check] = t.observations(then)
	}
	c := comparison{scenario: s, baseline: b, sound: now, checks: checks}
	v := Verdict{Findings: append([]Finding{c.episodes()}, c.times()...)}
	v.Outcome = decide(v.Findings)
	return v
}

// onTheMargin are trials whose times are longer by exactly what nobody minds of
// baseline: the case in which a comparison is the most likely to fail wrongly.
func onTheMargin(trials, baseline []judged) []judged {
	by := map[string]time.Duration{}
	for _, t := range timedChecks() {
		by[t.check] = slo.Margin(t.floor, regressionRelative, t.observations(baseline).Observations)
	}
	for i := range trials {
		m := &trials[i].m
		m.OutageDowntime.Total += by["regression-downtime"]
		m.Recovery.Phases[0].Length += by["regression-detection"]
		m.Recovery.Total.Length += by["regression-recovery"]
	}
	return trials
}

func TestTwentyScenariosFailTogetherAsRarelyAsOne(t *testing.T) {
	const scenarios, trials, families = 20, 8, 200
	random := rand.New(rand.NewPCG(3, 1))
	s := killing(allLimits())
	var all []Scenario
	for i := range scenarios {
		s.Name = fmt.Sprint(i)
		all = append(all, s)
	}
	declared := Checks(all, "", true)
	if declared != 4*scenarios {
		t.Fatalf("%d checks are declared, want 4 of each scenario", declared)
	}
	for _, c := range []struct {
		name      string
		candidate func(baseline []judged) []judged
	}{
		{"the same twice", func([]judged) []judged { return alike(random, trials) }},
		{"longer by what nobody minds", func(b []judged) []judged { return onTheMargin(alike(random, trials), b) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed, alone := 0, 0
			for range families {
				var verdicts []Verdict
				wouldFail := false
				for range scenarios {
					then := alike(random, trials)
					v := against(c.candidate(then), then, declared)
					for _, f := range v.Findings {
						wouldFail = wouldFail || f.Code == Suspect || f.Outcome == Fail
					}
					verdicts = append(verdicts, v)
				}
				if JudgeRun(verdicts).Outcome == Fail {
					failed++
				}
				if wouldFail {
					alone++
				}
			}
			t.Logf("of %d runs %d failed; without the correction %d would have", families, failed, alone)
			if limit := families / 20; failed > limit {
				t.Errorf("%d of %d runs without a regression failed, want at most %d", failed, families, limit)
			}
			if c.name != "the same twice" && alone <= families/20 {
				t.Errorf("only %d would have failed without the correction: this test shows nothing", alone)
			}
		})
	}
}

func TestARegressionOfEveryScenarioFailsTheRunDespiteItsManyChecks(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 2))
	var verdicts []Verdict
	for range 20 {
		then, now := alike(random, 8), alike(random, 8)
		for i := range now {
			now[i].m.Recovery.Total.Length += time.Minute
		}
		verdicts = append(verdicts, against(now, then, 80))
	}
	for i, v := range JudgeRun(verdicts).Verdicts {
		if f := find(v, "regression-recovery"); f.Outcome != Fail {
			t.Errorf("scenario %d: a minute more passed: %v %s", i, f.Outcome, f.Reason)
		}
	}
}

func TestASuspectRegressionFailsWhenTheOthersMakeRoomForIt(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	then := alike(random, 8)
	var now []judged
	for i := range then { // 8 against 8 with one in the wrong order
		j := then[i]
		j.m.Recovery.Total.Length += 30 * time.Second
		j.m.Recovery.Phases = []Phase{{Name: DetectionPhase, State: Seen, Length: time.Second}}
		now = append(now, j)
	}
	now[0].m.Recovery.Total.Length = 0
	v := against(now, then, 80)
	f := find(v, "regression-recovery")
	if f.Code != Suspect || f.Outcome != Inconclusive || f.Needs == "" {
		t.Fatalf("got %v %s, want suspect: %s", f.Outcome, f.Code, f.Reason)
	}
	alone := against(now, then, 4)
	if f := find(alone, "regression-recovery"); f.Outcome != Fail {
		t.Errorf("among four checks: got %v %s, want fail: %s", f.Outcome, f.Code, f.Reason)
	}
	// Of m checks all but one are refuted beyond doubt: the last has room.
	room := []Verdict{v}
	for i := range 79 {
		sure := checked("s", Fail, LimitExceeded, 1e-9, 80)
		sure.Scenario = fmt.Sprint(i)
		room = append(room, sure)
	}
	run := JudgeRun(room[:77])
	if f := find(run.Verdicts[0], "regression-recovery"); f.Outcome != Fail || f.Code != LimitExceeded || f.Needs != "" {
		t.Errorf("with room: got %v %s %q, want fail", f.Outcome, f.Code, f.Reason)
	}
}
