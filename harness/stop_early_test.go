package harness

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// undisturbedPlan is a trial without faults at 300 requests/s after 1 s of
// warm-up.
func undisturbedPlan(length time.Duration) Plan {
	p := testPlan()
	p.Scenario.Load.Rate, p.Scenario.Stages.Baseline = testRate, length
	return p
}

func TestStopEarly(t *testing.T) {
	at := func(whens ...time.Duration) func(time.Duration) bool { // one request fails at each of them
		return func(now time.Duration) bool {
			for _, when := range whens {
				if now >= when && now < when+time.Second/testRate {
					return true
				}
			}
			return false
		}
	}
	for _, c := range []struct {
		rule    string
		planned time.Duration
		later   time.Duration
		bad     func(time.Duration) bool
		ends    time.Duration // of the trial, with 1 s of warm-up
		detail  string
		want    Outcome
	}{
		{"stops when the requests show that the objective holds", 10 * time.Minute, 0, nil,
			116 * time.Second, "stopped after 115 s: evidence reached: the objective holds", Pass},
		{"stops when they show that it is missed", 10 * time.Minute, 0, func(now time.Duration) bool { return now%(100*time.Millisecond) < time.Second/testRate },
			5 * time.Second, "stopped after 4 s: evidence reached: the objective is missed", Fail},
		{"stops when the rest is too short to show either", 2 * time.Minute, 0, at(100 * time.Second),
			102 * time.Second, "stopped after 101 s: futile: the objective cannot be shown any more in the time that is left", Inconclusive},
		{"counts the Baselines that are still to come", 2 * time.Minute, 2 * time.Minute, at(100 * time.Second),
			121 * time.Second, "", Inconclusive},
		{"goes on for as long as requests may fail often enough to miss it", 2 * time.Minute, 0, at(3*time.Second, 8*time.Second),
			24 * time.Second, "stopped after 23 s: futile: the objective cannot be shown any more in the time that is left", Inconclusive},
		{"does not stop a length that was too short from the start", 20 * time.Second, 0, nil,
			21 * time.Second, "", Inconclusive},
		{"nor when something fails in it", 20 * time.Second, 0, at(19 * time.Second),
			21 * time.Second, "", Inconclusive},
	} {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				plan := undisturbedPlan(c.planned)
				var sink bytes.Buffer
				rig := Rig{Load: late{steadyLoad{rate: testRate, bad: c.bad}}}
				ev, err := Run(t.Context(), plan, rig, WithSink(&sink), WithStop(StopEarly(plan.Scenario, nil, c.later)))
				if err != nil {
					t.Fatal(err)
				}
				if ev.End.At != c.ends || ev.End.Detail != c.detail || ev.End.Reason != Completed {
					t.Errorf("end %+v; want completed at %s, %q", ev.End, c.ends, c.detail)
				}
				verdict := Judge(plan.Scenario, []Evidence{ev}, nil)
				if verdict.Outcome != c.want {
					t.Errorf("verdict %s: %s; want %s", verdict.Outcome, verdict.Sentence, c.want)
				}
				if got := find(verdict, "steady-state").Statistic.Stopped; got != c.detail {
					t.Errorf("the finding says it stopped because of %q; want %q", got, c.detail)
				}
				saved, err := ReadEvidence(&sink)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(mustJSON(t, verdict), mustJSON(t, Judge(saved[0].Plan.Scenario, saved, nil))); diff != "" {
					t.Errorf("judging the saved evidence comes to something else:\n%s", diff)
				}
			})
		})
	}
}

func TestARunSeesSomeOfItsStackHoweverMuchEarlierRunsHaveShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plan := undisturbedPlan(time.Minute)
		ev, err := Run(t.Context(), plan, Rig{Load: late{steadyLoad{rate: testRate}}},
			WithTerms(Terms{Carried: []Carried{{RunID: "last-night", Requests: 50_000}}}),
			WithStop(StopEarly(plan.Scenario, nil, 0)))
		if err != nil || ev.End.At != 12*time.Second || !strings.Contains(ev.End.Detail, enoughHolds) {
			t.Errorf("end %+v, error %v; want the objective to hold after 10 s of Baseline", ev.End, err)
		}
	})
}

func TestATrialWhoseGeneratorIsLateIsNotStopped(t *testing.T) {
	s := Scenario{Name: "calm", Load: LoadSpec{Rate: testRate}, Stages: Stages{Steady: seconds(2), Baseline: seconds(20)}, SLO: SLO{Availability: .99}}
	for lag, want := range map[time.Duration]string{time.Millisecond: enoughHolds, 60 * time.Millisecond: ""} {
		ev := trialOf(s)
		for i := range ev.Seconds {
			ev.Seconds[i].Lag = histogramOf(lag)
		}
		if got := StopEarly(s, nil, 0)(Look{Evidence: ev, Left: time.Minute}); got != want {
			t.Errorf("requests sent %s late: got %q, want %q", lag, got, want)
		}
	}
}

// Whatever fails and whenever, a look counts what Judge counts.
func TestALookSeesWhatJudgeSees(t *testing.T) {
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			share, down := rng.Float64()*.004, time.Duration(rng.IntN(30))*time.Second
			bad := func(now time.Duration) bool {
				return rng.Float64() < share || seed%3 == 0 && now > down && now < down+time.Duration(seed)*100*time.Millisecond
			}
			plan := undisturbedPlan(30 * time.Second)
			plan.Scenario.SLO.Availability = .999
			terms := Terms{Checks: 2, Carried: []Carried{{RunID: "r0", Requests: 900, Bad: 1, BadSeconds: 1, Episodes: []int{1}}}}
			watch := &steadyWatch{scenario: plan.Scenario}
			rule := func(l Look) string {
				why := watch.look(l)
				full := newSteadyProcess(plan.Scenario, []Evidence{l.Evidence})
				if diff := cmp.Diff(full.statistic(), watch.process.statistic()); diff != "" {
					t.Errorf("seed %d after %s (-Judge +look):\n%s", seed, l.Left, diff)
				}
				return why
			}
			ev, err := Run(t.Context(), plan, Rig{Load: late{steadyLoad{rate: testRate, bad: bad}}}, WithTerms(terms), WithStop(rule))
			if err != nil {
				t.Fatal(err)
			}
			f := find(Judge(plan.Scenario, []Evidence{ev}, nil), "steady-state")
			want := map[string]Outcome{enoughHolds: Pass, enoughRefuted: Fail}
			for why, outcome := range want {
				if strings.Contains(ev.End.Detail, why) && f.Outcome != outcome {
					t.Errorf("seed %d: %s, and the verdict is %s: %s", seed, ev.End.Detail, f.Outcome, f.Reason)
				}
			}
		})
	}
}

// One look at a trial of an hour: what Run does once per second.
func BenchmarkLook(b *testing.B) {
	s := Scenario{Name: "long", Load: LoadSpec{Rate: testRate}, Stages: Stages{Baseline: time.Hour}, SLO: SLO{Availability: .999999}}
	whole := trialOf(s)
	whole.Stages[0].Window, whole.End = Window{}, End{}
	b.Run("of a second without failures", func(b *testing.B) {
		w := &steadyWatch{scenario: s}
		for b.Loop() {
			if w.process == nil || w.seconds == len(whole.Seconds) {
				w.process, w.seconds = newSteadyProcess(s, []Evidence{{Header: whole.Header}}), 0
			}
			ev := whole
			ev.Seconds = whole.Seconds[:w.seconds+1]
			w.look(Look{Evidence: ev, Left: time.Hour})
		}
	})
	b.Run("of a second with a failure", func(b *testing.B) {
		ev := whole
		failing(3000, 3001, 100)(&ev)
		for b.Loop() {
			w := &steadyWatch{scenario: s}
			w.look(Look{Evidence: ev, Left: time.Hour})
		}
	})
}
