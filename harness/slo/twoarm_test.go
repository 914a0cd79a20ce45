package slo

import (
	"math"
	"testing"
)

func TestTwoArmEvidenceAgreesWithTheTable(t *testing.T) {
	for _, c := range []struct{ s1, s2, want float64 }{
		{0, 5, 5.333}, {0, 7, 16.0}, {1, 9, 9.309}, {3, 12, 4.501}, {10, 10, .2703}, {10, 25, 5.199}, {0, 0, 1},
	} {
		if got := math.Exp(LogETwoArm(c.s1, c.s2, .5)); math.Abs(got-c.want) > 5e-4 {
			t.Errorf("%g against %g: got %.4f, want %.4f", c.s1, c.s2, got, c.want)
		}
		if got := math.Exp(LogETwoArm(c.s2, c.s1, .5)); math.Abs(got-c.want) > 5e-4 {
			t.Errorf("%g against %g: got %.4f, want %.4f", c.s2, c.s1, got, c.want)
		}
	}
}

func TestWorseAndBetterAverageToDifferent(t *testing.T) {
	// The uniform prior is theta of one half and 1-theta of the other.
	for _, theta := range []float64{.5, .2, .9} {
		for _, c := range []struct{ s1, s2 float64 }{{0, 0}, {0, 5}, {7, 0}, {3, 12}, {10, 25}, {2.5, 1.5}} {
			worse, better := math.Exp(LogEWorse(c.s1, c.s2, theta)), math.Exp(LogEWorse(c.s2, c.s1, 1-theta))
			want := math.Exp(LogETwoArm(c.s1, c.s2, theta))
			if got := (1-theta)*worse + theta*better; math.Abs(got-want) > 1e-9*want {
				t.Errorf("theta %g, %g against %g: got %g, want %g", theta, c.s1, c.s2, got, want)
			}
		}
	}
}

func TestOnlyAWorseCandidateIsEvidenceOfWorse(t *testing.T) {
	// 7 failures against none: 2*(1-(1/2)^8)*16 = 31.875.
	if got := math.Exp(LogEWorse(7, 0, .5)); math.Abs(got-31.875) > 1e-9 {
		t.Errorf("7 against 0: got %g, want 31.875", got)
	}
	for _, c := range []struct{ s1, s2 float64 }{{0, 7}, {3, 12}, {0, 1e6}, {10, 1e4}} {
		if got := LogEWorse(c.s1, c.s2, .5); got >= 0 {
			t.Errorf("%g against %g: ln E %g, want below 0", c.s1, c.s2, got)
		}
	}
}

func TestWorseStaysExactWhereTheTailUnderflows(t *testing.T) {
	// Nothing against s2 failures at one half: (1/(s2+1)) in closed form.
	for _, s2 := range []float64{10, 500, 1e3, 1e5, 1e7} {
		if got, want := LogEWorse(0, s2, .5), -math.Log1p(s2); math.Abs(got-want) > 1e-6 {
			t.Errorf("0 against %g: got %g, want %g", s2, got, want)
		}
	}
}

func TestEvidenceOfOneMoreEpisodeExpectsNothing(t *testing.T) {
	for _, theta := range []float64{.5, .3} {
		for name, log := range map[string]func(s1, s2, theta float64) float64{"two-sided": LogETwoArm, "worse": LogEWorse} {
			for _, c := range []struct{ s1, s2 float64 }{{0, 0}, {4, 1}, {2, 30}} {
				next := theta*math.Exp(log(c.s1+1, c.s2, theta)) + (1-theta)*math.Exp(log(c.s1, c.s2+1, theta))
				if now := math.Exp(log(c.s1, c.s2, theta)); math.Abs(next-now) > 1e-9*now {
					t.Errorf("%s, theta %g, %v: expectation %g, want %g", name, theta, c, next, now)
				}
			}
		}
	}
}

func TestArmsThatCannotBeAreNoEvidence(t *testing.T) {
	for _, c := range [][3]float64{{-1, 0, .5}, {0, -1, .5}, {1, 1, 0}, {1, 1, 1}, {math.NaN(), 1, .5}, {1, math.Inf(1), .5}, {1, 1, math.NaN()}} {
		if a, b := LogETwoArm(c[0], c[1], c[2]), LogEWorse(c[0], c[1], c[2]); a != 0 || b != 0 {
			t.Errorf("%v: got %g and %g, want 0", c, a, b)
		}
	}
}
