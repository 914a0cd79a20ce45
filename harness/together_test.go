package harness

import (
	"math"
	"testing"
	"time"
)

// recoveredAfter is a trial that took that long, or was given up then.
func recoveredAfter(trial int, s float64, state StampState) Measurement {
	return Measurement{Trial: trial, Recovery: RecoveryTime{
		Applies: true, Recovered: Phase{State: state, Length: seconds(s)}, Diagnosed: Stamp{State: Seen},
	}}
}

func TestTrialsTogetherSayWhenHalfOfThemRecover(t *testing.T) {
	// The vector of the survival curve: 4.4, 60+, 4.7, 60+, 4.5.
	v := Verdict{Trials: []Measurement{
		recoveredAfter(1, 4.4, Seen), recoveredAfter(2, 60, Censored), recoveredAfter(3, 4.7, Seen),
		recoveredAfter(4, 60, Censored), recoveredAfter(5, 4.5, Seen),
	}}
	got, ok := v.Together()
	if !ok || got.Half == nil || *got.Half != seconds(4.7) || got.Recovered.Did != 3 || got.Recovered.Of != 5 {
		t.Errorf("got %+v, %v; want 3 of 5, half of them after 4.7 s", got, ok)
	}
	if b := got.Recovered.Between; math.Abs(b.Lo-.1466328) > 1e-6 || math.Abs(b.Hi-.9472551) > 1e-6 {
		t.Errorf("3 of 5 lies in %v, want [.147, .947]", b)
	}
	if got.Least != nil || got.Most != nil {
		t.Errorf("five trials bound the median: %+v", got)
	}
	v.Trials = append(v.Trials, recoveredAfter(6, 4.6, Seen))
	if got, _ := v.Together(); got.Least == nil || *got.Least != seconds(4.4) || got.Most != nil {
		t.Errorf("of six the largest is one that was given up: got %+v", got)
	}
	v.Trials = v.Trials[1:4]
	if got, _ := v.Together(); got.Half != nil {
		t.Errorf("one of three recovered, and half of them after %v", *got.Half)
	}
}

func TestATrialThatIsNoEvidenceIsNotCounted(t *testing.T) {
	v := Verdict{Trials: []Measurement{recoveredAfter(1, 4, Seen), recoveredAfter(2, 60, Censored), recoveredAfter(3, 5, Seen)}}
	v.Findings = []Finding{{Check: "trial", Trial: 2, Outcome: Invalid}, {Check: "failed", Trial: 3, Outcome: Fail}}
	if got, ok := v.Together(); !ok || got.Recovered != newShare(2, 2) {
		t.Errorf("got %+v, %v; want 2 of 2", got, ok)
	}
	v.Trials = v.Trials[:2]
	if got, ok := v.Together(); ok {
		t.Errorf("one trial is told as several: %+v", got)
	}
	if _, ok := (Verdict{Trials: []Measurement{{Trial: 1}, {Trial: 2}}}).Together(); ok {
		t.Error("trials without a fault have a recovery")
	}
}

func TestOnlyThoseThatCouldNameTheCulpritCount(t *testing.T) {
	v := Verdict{}
	for i, named := range []struct{ right, wrong StampState }{
		{Seen, ""}, {Seen, ""}, {Seen, Seen}, {Censored, ""}, {Censored, Seen}, {NotSeen, ""},
	} {
		m := recoveredAfter(i+1, 1, Seen)
		m.Recovery.Diagnosed.State, m.Recovery.Misnamed.State = named.right, named.wrong
		v.Trials = append(v.Trials, m)
	}
	if got, _ := v.Together(); got.Named != newShare(2, 5) {
		t.Errorf("got %+v, want 2 of 5", got.Named)
	}
}

func TestTrialsOfAnEarlierVersionHaveATotalOnly(t *testing.T) {
	m := recoveredAfter(1, 0, "")
	m.Recovery.Total = Phase{State: Seen, Length: 3 * time.Second}
	again := m
	again.Trial = 2
	if got, ok := (Verdict{Trials: []Measurement{m, again}}).Together(); !ok || got.Half == nil || *got.Half != 3*time.Second {
		t.Errorf("got %+v, %v; want 3 s", got, ok)
	}
}
