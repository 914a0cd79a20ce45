package harness

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// detectedAfter moves the first sign of the fault, so that detection takes d
// longer than in the usual trial.
func detectedAfter(d float64) change {
	return func(ev *Evidence) {
		for i := range ev.Signals {
			if ev.Signals[i].Kind == Ejected {
				ev.Signals[i].At += seconds(d)
			}
		}
	}
}

// arms are n trials whose detection differs by steps of 10 ms, changed.
func arms(s Scenario, n int, changes ...change) []Evidence {
	var trials []Evidence
	for i := range n {
		usual := func(ev *Evidence) { ev.Plan.Trial, ev.Environment = i+1, map[string]string{"cores": "2"} }
		ev := trialOf(s, append([]change{usual, detectedAfter(.01 * float64(i))}, changes...)...)
		trials = append(trials, ev)
	}
	return trials
}

func TestACandidateIsComparedWithItsBaseline(t *testing.T) {
	limits := allLimits()
	limits.FailedFraction, limits.Downtime = ptr(.5), ptr(10*time.Second) // losses are for the comparison
	s := killing(limits)
	lossy := []change{failing(12, 13, 1)}
	for _, c := range []struct {
		rule      string
		candidate []Evidence
		baseline  []Evidence
		want      Outcome
		check     string
		outcome   Outcome
		code      Code
	}{
		{"the same again is no regression", arms(s, 8), arms(s, 8), Pass, "regression-episodes", Pass, ""},
		{"detection that takes as long passes", arms(s, 8), arms(s, 8), Pass, "regression-detection", Pass, ""},
		{"detection that takes longer fails", arms(s, 8, detectedAfter(.9)), arms(s, 8), Fail, "regression-detection", Fail, LimitExceeded},
		{"detection that takes longer by less than the margin passes", arms(s, 8, detectedAfter(.2)), arms(s, 8), Pass, "regression-detection", Pass, ""},
		{"a candidate that is faster passes", arms(s, 8), arms(s, 8, detectedAfter(.9)), Pass, "regression-detection", Pass, ""},
		{"downtime where there was none fails", arms(s, 8, lossy...), arms(s, 8), Fail, "regression-downtime", Fail, LimitExceeded},
		{"episodes where there were none fail", arms(s, 12, lossy...), arms(s, 12), Fail, "regression-episodes", Fail, LimitExceeded},
		{"fewer of them are suspect among four checks", arms(s, 8, lossy...), arms(s, 8), Fail, "regression-episodes", Inconclusive, Suspect},
		{"as many episodes as before do not", arms(s, 12, lossy...), arms(s, 12, lossy...), Inconclusive, "regression-episodes", Inconclusive, TooFewTrials},
		{"three trials on each side are too few", arms(s, 3), arms(s, 3), Inconclusive, "regression-detection", Inconclusive, TooFewTrials},
		{"so are three for episodes", arms(s, 3), arms(s, 3), Inconclusive, "regression-episodes", Inconclusive, TooFewTrials},
		{"without a baseline nothing is claimed", arms(s, 8), nil, Inconclusive, "regression", Inconclusive, NoBaseline},
		{"a baseline that failed is none", arms(s, 8), arms(s, 8, failing(10, 25, 1)), Inconclusive, "regression", Inconclusive, NoBaseline},
		{"a baseline that was cut short is none", arms(s, 8), arms(s, 8, func(ev *Evidence) { ev.End = End{} }), Inconclusive, "regression", Inconclusive, NoBaseline},
		{"a baseline of another load is none", arms(s, 8), arms(s, 8, func(ev *Evidence) { ev.Plan.Scenario.Load.Timeout++ }), Inconclusive, "regression", Inconclusive, NoBaseline},
		{"a baseline of another machine says nothing", arms(s, 8), arms(s, 8, func(ev *Evidence) { ev.Environment = map[string]string{"cores": "4"} }), Invalid, "regression", Invalid, EnvMismatch},
	} {
		t.Run(c.rule, func(t *testing.T) {
			v := Judge(s, c.candidate, &BaselineRun{Ref: "main", Trials: c.baseline})
			f := find(v, c.check)
			if v.Outcome != c.want || f.Outcome != c.outcome || f.Code != c.code || f.Advisory {
				t.Errorf("verdict %v, %s %v %s (advisory %v); want %v, %v %s: %s %s", v.Outcome, c.check, f.Outcome, f.Code, f.Advisory, c.want, c.outcome, c.code, f.Reason, v.Sentence)
			}
			for _, f := range v.Findings {
				if strings.HasPrefix(f.Check, "regression") && (f.Outcome == Inconclusive) != (f.Needs != "" && f.Outcome != Invalid) {
					t.Errorf("%s is %v and needs %q", f.Check, f.Outcome, f.Needs)
				}
			}
		})
	}
}

func TestBaselineWithoutFaultsIsComparedByTheTimeJudged(t *testing.T) {
	short, long := resting(.9999, seconds(600)), resting(.9999, seconds(1200))
	run := func(s Scenario, changes ...change) []Evidence { return []Evidence{trialOf(s, changes...)} }
	for _, c := range []struct {
		rule                string
		candidate, baseline []Evidence
		want                Outcome
	}{
		{"ten clean minutes would have shown one more per minute", run(short), run(long), Pass},
		{"one clean minute would not", run(resting(.9999, seconds(60))), run(resting(.9999, seconds(60))), Inconclusive},
		{"many episodes against none are worse", run(short, every(10, 20, 20)...), run(long), Fail},
	} {
		t.Run(c.rule, func(t *testing.T) {
			s := c.candidate[0].Plan.Scenario
			f := find(Judge(s, c.candidate, &BaselineRun{Ref: "main", Trials: c.baseline}), "regression-episodes")
			if f.Outcome != c.want {
				t.Errorf("got %v, want %v: %s", f.Outcome, c.want, f.Reason)
			}
		})
	}
}

func TestWithoutABaselineNothingIsSaidAboutOne(t *testing.T) {
	s := killing(allLimits())
	for _, f := range Judge(s, arms(s, 4), nil).Findings {
		if strings.HasPrefix(f.Check, "regression") {
			t.Errorf("%s: %s", f.Check, f.Reason)
		}
	}
}

func TestWhatOneSideDidNotObserveIsNotZero(t *testing.T) {
	limits := allLimits()
	limits.Detection, limits.Diagnosis, limits.Repair, limits.Recovery = nil, nil, nil, nil
	s := killing(limits)
	f := find(Judge(s, arms(s, 8, silenced(Ejected, LeaseExpired, AlertFiring)), &BaselineRun{Ref: "main", Trials: arms(s, 8)}), "regression-detection")
	if f.Outcome == Pass {
		t.Errorf("unobserved detection passed: %s", f.Reason)
	}
}

func TestABaselineIsPartOfTheEvidence(t *testing.T) {
	s := killing(allLimits())
	for _, b := range []BaselineRun{
		{Ref: "main", Trials: arms(s, 8)},
		{Ref: "slower", Trials: arms(s, 8, detectedAfter(.9))},
		{Ref: "failed", Trials: arms(s, 8, failing(10, 25, 1))},
		{Ref: "gone"},
	} {
		t.Run(b.Ref, func(t *testing.T) {
			sum := b.Summary(s)
			candidate := arms(s, 8, detectedAfter(.9), func(ev *Evidence) {
				ev.Terms = Terms{Checks: Checks([]Scenario{s}, "", true), Baseline: &sum}
			})
			saved := reread(t, candidate)
			itself, named := Judge(s, saved, nil), Judge(s, candidate, &b)
			if diff := cmp.Diff(named, itself); diff != "" {
				t.Errorf("without the baseline's evidence the verdict is another (-with +without):\n%s", diff)
			}
			if f := find(itself, "regression"); sum.Unusable != "" && (itself.Outcome != Inconclusive || f.Code != NoBaseline) {
				t.Errorf("got %v %s, want inconclusive %s: %s", itself.Outcome, f.Code, NoBaseline, itself.Sentence)
			}
		})
	}
}

func TestAnotherBaselineTakesThePlaceOfTheOneInTheEvidence(t *testing.T) {
	s := killing(allLimits())
	slower := BaselineRun{Ref: "slower", Trials: arms(s, 8, detectedAfter(.9))}.Summary(s)
	candidate := arms(s, 8, detectedAfter(.9), func(ev *Evidence) { ev.Terms.Baseline = &slower })
	if v := Judge(s, candidate, nil); find(v, "regression-detection").Outcome != Pass {
		t.Errorf("against its own: %s", v.Sentence)
	}
	if v := Judge(s, candidate, &BaselineRun{Ref: "main", Trials: arms(s, 8)}); v.Outcome != Fail {
		t.Errorf("against a faster one: %s", v.Sentence)
	}
}
