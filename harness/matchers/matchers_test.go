package matchers

import (
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/google/go-cmp/cmp"
	"github.com/onsi/gomega/types"
)

// trial is a measured trial whose recovery was observed.
func trial(n, bad, scheduled int, detection, recovery time.Duration) harness.Measurement {
	phase := func(name string, d time.Duration) harness.Phase {
		return harness.Phase{Name: name, State: harness.Seen, Length: d, Resolution: 100 * time.Millisecond}
	}
	return harness.Measurement{
		Trial: n, Bad: bad, Scheduled: scheduled,
		Recovery: harness.RecoveryTime{
			Applies: true, Phases: []harness.Phase{phase(harness.DetectionPhase, detection)}, Total: phase(harness.TotalPhase, recovery),
		},
	}
}

func good() harness.Verdict {
	return harness.Verdict{
		Scenario: "catalog-replica-kill", Outcome: harness.Pass, Sentence: "Nobody noticed.",
		Findings: []harness.Finding{{Check: "failed", Trial: 1, Outcome: harness.Pass}},
		Trials: []harness.Measurement{
			trial(1, 0, 10_000, 300*time.Millisecond, 2*time.Second),
			trial(2, 1, 10_000, 400*time.Millisecond, 3*time.Second),
		},
	}
}

func with(edit func(*harness.Verdict)) harness.Verdict {
	v := good()
	edit(&v)
	return v
}

func TestMatchersAnswer(t *testing.T) {
	v := good()
	for _, tt := range []struct {
		name    string
		matcher types.GomegaMatcher
		actual  any
		want    bool
	}{
		{"a pass meets its objectives", MeetObjectives(), v, true},
		{"a pointer will do", MeetObjectives(), &v, true},
		{"inconclusive does not meet objectives", MeetObjectives(), harness.Verdict{}, false},
		{"invalid does not meet objectives", MeetObjectives(), harness.Verdict{Outcome: harness.Invalid}, false},
		{"an outcome is compared", HaveOutcome(harness.Fail), harness.Verdict{Outcome: harness.Fail}, true},
		{"another outcome is no match", HaveOutcome(harness.Inconclusive), v, false},
		{"all trials within the limit recovered in time", RecoverWithin(3 * time.Second), v, true},
		{"one trial beyond the limit is too many", RecoverWithin(3*time.Second - 1), v, false},
		{"one measurement will do", RecoverWithin(2 * time.Second), v.Trials[0], true},
		{"a list of measurements will do", RecoverWithin(2 * time.Second), v.Trials, false},
		{"detection is the first phase", DetectWithin(400 * time.Millisecond), v, true},
		{"late detection is no match", DetectWithin(399 * time.Millisecond), v, false},
		{"losses at the limit are allowed", LoseAtMost(0.0001), v, true},
		{"losses beyond the limit are not", LoseAtMost(0.00009), v, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.matcher.Match(tt.actual)
			if err != nil || got != tt.want {
				t.Errorf("Match = %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func TestWithoutEvidenceThereIsNeitherMatchNorMismatch(t *testing.T) {
	unseen, censored, noFault := trial(3, 0, 10_000, 0, 0), trial(3, 0, 10_000, 0, 5*time.Second), trial(3, 0, 0, 0, 0)
	unseen.Recovery.Total.State, unseen.Recovery.Phases = harness.NotSeen, nil
	censored.Recovery.Total.State = harness.Censored
	noFault.Recovery = harness.RecoveryTime{}
	add := func(m harness.Measurement) harness.Verdict {
		return with(func(v *harness.Verdict) { v.Trials = append(v.Trials, m) })
	}
	for _, tt := range []struct {
		name    string
		matcher types.GomegaMatcher
		actual  any
		want    string
	}{
		{"an unobserved recovery", RecoverWithin(time.Hour), add(unseen), `expected to recover within 1h0m0s: not known of scenario "catalog-replica-kill": trial 3: recovery was not observed: that is not 0`},
		{"an unobserved detection", DetectWithin(time.Hour), add(unseen), "trial 3: detection was not observed"},
		{"a recovery that had no time", RecoverWithin(10 * time.Second), add(censored), "recovery had not happened when the trial ended 5s after"},
		{"a trial without a fault", RecoverWithin(time.Hour), add(noFault), "no fault took effect, so there is no recovery to time"},
		{"no requests", LoseAtMost(1), add(noFault), "no request was scheduled"},
		{"no trials", LoseAtMost(1), harness.Verdict{Scenario: "noop"}, `scenario "noop" has no trial`},
		{"an empty list", LoseAtMost(1), []harness.Measurement{}, "the stack has no trial"},
		{"an invalid trial", LoseAtMost(1), with(func(v *harness.Verdict) {
			v.Findings = append(v.Findings, harness.Finding{Check: "trial", Trial: 2, Outcome: harness.Invalid, Code: harness.LoadShortfall, Reason: "Too few requests."})
		}), "has no sound evidence: invalid: trial of trial 2 [LOAD_SHORTFALL]\n  Too few requests."},
		{"a fraction that is a percentage", LoseAtMost(5), good(), "want a fraction from 0 to 1, saw 5"},
		{"something else than a verdict", MeetObjectives(), 5, "expected to meet its objectives: want a harness.Verdict, saw a int"},
		{"a nil verdict", HaveOutcome(harness.Pass), (*harness.Verdict)(nil), "want a harness.Verdict, saw a *harness.Verdict"},
		{"something else than trials", LoseAtMost(0), "trial", "want a harness.Verdict, a harness.Measurement or a list of them, saw a string"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ok, err := tt.matcher.Match(tt.actual)
			if ok || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Match = %v, %v\nwant an error with %s", ok, err, tt.want)
			}
		})
	}
}

func TestARecoveryThatIsLateAlreadyIsAMissAlthoughItIsNotOver(t *testing.T) {
	m := trial(1, 0, 100, 0, 12*time.Second)
	m.Recovery.Total.State = harness.Censored
	matcher := RecoverWithin(10 * time.Second)
	if ok, err := matcher.Match(m); ok || err != nil {
		t.Fatalf("Match = %v, %v; want a miss", ok, err)
	}
	if got := matcher.FailureMessage(m); !strings.Contains(got, "trial 1: recovery had not happened after 12s") {
		t.Errorf("message = %s", got)
	}
}

func TestFailureMessages(t *testing.T) {
	failed := with(func(v *harness.Verdict) {
		v.Outcome, v.Sentence = harness.Fail, "Killing one of three catalog replicas lost 37 requests."
		v.Findings = []harness.Finding{
			{Check: "recovery", Trial: 1, Outcome: harness.Inconclusive, Code: harness.Unobserved, Limit: "≤ 10 s", Reason: "Recovery was not observed.", Needs: "a source that observes it"},
			{Check: "latency-p99", Trial: 1, Outcome: harness.Pass, Reason: "Fast enough."},
			{Check: "failed", Trial: 2, Subject: "catalog-2", Outcome: harness.Fail, Code: harness.LimitExceeded, Measured: "0.35 %", Resolution: "±0.01 %",
				Limit: "≤ 0.01 %", Reason: "37 of 10,500 requests failed.", Evidence: []string{"outage 1", "outage 2"}},
			{Check: "injections", Outcome: harness.Fail, Advisory: true, Reason: "Advice decides nothing."},
		}
		v.Trials[1].Classes = map[harness.Class]int{harness.Timeout: 30, harness.Refused: 7}
		v.Trials[1].Bad, v.Trials[1].Scheduled = 37, 10_500
		v.Trials[1].Recovery.Notes = []string{"masked by redundancy"}
	})
	for _, tt := range []struct {
		name    string
		matcher types.GomegaMatcher
		actual  any
		negated bool
		want    string
	}{
		{"objectives name the findings that decide, the worst first", MeetObjectives(), failed, false,
			`expected scenario "catalog-replica-kill" to meet its objectives, but
  its outcome is fail: Killing one of three catalog replicas lost 37 requests.
  fail: failed of trial 2 (catalog-2): measured 0.35 % (±0.01 %), limit ≤ 0.01 % [LIMIT_EXCEEDED]
    37 of 10,500 requests failed.
    rests on: outage 1, outage 2
  inconclusive: recovery of trial 1, limit ≤ 10 s [UNOBSERVED]
    Recovery was not observed.
    needs: a source that observes it
what to do: the stack missed a limit; look at the time line around the evidence named above, then fix the stack or, if the limit is wrong, the scenario`},
		{"inconclusive asks for more", HaveOutcome(harness.Fail), harness.Verdict{Scenario: "noop"}, false,
			`expected scenario "noop" to have outcome fail, but
  its outcome is inconclusive
what to do: the evidence is sound but not enough; run more, as the needs above say`},
		{"invalid asks for another run", MeetObjectives(), harness.Verdict{Scenario: "noop", Outcome: harness.Invalid}, false,
			`expected scenario "noop" to meet its objectives, but
  its outcome is invalid
what to do: the experiment is no evidence for or against the stack; remove what disturbed it and run it again`},
		{"losses name the trial and the classes", LoseAtMost(0.0001), failed, false,
			`expected scenario "catalog-replica-kill" to lose at most 0.01 % of the requests, but
  trial 2: 37 of 10500 requests failed (0.3524 %): 30 timeout, 7 refused
what to do: look at the time line of the trials named above; fournines judge shows it again from the saved evidence`},
		{"a late recovery says by how much", RecoverWithin(2500 * time.Millisecond), failed.Trials, false,
			`expected the stack to recover within 2.5s, but
  trial 2: recovery took 3s (±100ms), 500ms more
    noted: masked by redundancy
what to do: look at the time line of the trials named above; fournines judge shows it again from the saved evidence`},
		{"a negated matcher shows what held", DetectWithin(time.Second), good(), true,
			`expected scenario "catalog-replica-kill" not to detect the fault within 1s, but
  trial 1: detection took 300ms (±100ms)
  trial 2: detection took 400ms (±100ms)`},
		{"a negated outcome shows the outcome", MeetObjectives(), good(), true,
			`expected scenario "catalog-replica-kill" not to meet its objectives, but
  its outcome is pass: Nobody noticed.`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.matcher.Match(tt.actual); err != nil {
				t.Fatal(err)
			}
			got := tt.matcher.FailureMessage(tt.actual)
			if tt.negated {
				got = tt.matcher.NegatedFailureMessage(tt.actual)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}
