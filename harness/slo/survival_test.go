package slo

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestKaplanMeierAgreesWithTheVector(t *testing.T) {
	near := cmpopts.EquateApprox(0, 1e-12)
	at := func(s float64) time.Duration { return seconds(s)[0].After }
	want := Curve{{at(4.4), 5, 1, .8}, {at(4.5), 4, 1, .6}, {at(4.7), 3, 1, .4}}
	if diff := cmp.Diff(want, KaplanMeier(censoredArm()), near); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, c := range []struct {
		name         string
		arm          []Observation
		median, mean float64
	}{
		{"candidate", censoredArm(), 4.7, 26.72},
		{"baseline", baselineArm(), 4.3, 4.30},
	} {
		curve := KaplanMeier(c.arm)
		if got, ok := curve.Median(); !ok || got != at(c.median) {
			t.Errorf("%s: median %v, %v; want %g s", c.name, got, ok, c.median)
		}
		if got := curve.MeanUpTo(time.Minute); math.Abs(got.Seconds()-c.mean) > 1e-9 {
			t.Errorf("%s: mean up to 60 s %v, want %g s", c.name, got, c.mean)
		}
	}
}

func TestATrialGivenUpIsStillAtRiskThen(t *testing.T) {
	got := KaplanMeier([]Observation{gaveUp(2), {After: 2 * time.Second}, {After: 3 * time.Second}, gaveUp(1)})
	want := Curve{{2 * time.Second, 3, 1, 2. / 3}, {3 * time.Second, 1, 1, 0}}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestACurveThatNeverFallsHasNoMedian(t *testing.T) {
	for name, trials := range map[string][]Observation{"nobody recovered": {gaveUp(60), gaveUp(60)}, "no trials": nil} {
		curve := KaplanMeier(trials)
		if at, ok := curve.Median(); ok || at != Never {
			t.Errorf("%s: median %v, want never", name, at)
		}
		if got := curve.MeanUpTo(time.Minute); got != time.Minute {
			t.Errorf("%s: mean up to 60 s %v, want all of it", name, got)
		}
	}
	if got := KaplanMeier(baselineArm()).MeanUpTo(-1); got != 0 {
		t.Errorf("up to a negative limit: %v, want 0", got)
	}
	if got := KaplanMeier(baselineArm()).MeanUpTo(4 * time.Second); got != 4*time.Second {
		t.Errorf("up to the first recovery: %v, want 4s", got)
	}
}

func TestLogRankAgreesWithTheVector(t *testing.T) {
	got := LogRank(censoredArm(), baselineArm())
	if math.Abs(got.Z+2.4668) > 5e-5 || math.Abs(got.P-.01363) > 5e-6 {
		t.Errorf("got Z %.4f, P %.5f; want -2.4668, .01363", got.Z, got.P)
	}
	back := LogRank(baselineArm(), censoredArm())
	if math.Abs(back.Z+got.Z) > 1e-12 || math.Abs(back.P-got.P) > 1e-12 {
		t.Errorf("exchanged: got %+v, want the mirror image of %+v", back, got)
	}
}

func TestLogRankHasNothingToSayAboutNothing(t *testing.T) {
	for name, arms := range map[string][2][]Observation{
		"no candidate":     {nil, baselineArm()},
		"no baseline":      {worseArm(), nil},
		"nobody recovered": {{gaveUp(60)}, {gaveUp(60)}},
		"one trial each":   {seconds(1), nil},
	} {
		if got := LogRank(arms[0], arms[1]); got != (LogRankTest{P: 1}) {
			t.Errorf("%s: got %+v, want Z 0, P 1", name, got)
		}
	}
	alike := LogRank(baselineArm(), baselineArm())
	if math.Abs(alike.Z) > 1e-12 || math.Abs(alike.P-1) > 1e-12 {
		t.Errorf("the same arm twice: got %+v, want Z 0, P 1", alike)
	}
}
