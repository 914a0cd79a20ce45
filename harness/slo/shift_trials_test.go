package slo

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAShiftsPValueBelongsToItsInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arm := func(name string) []Observation {
			var all []Observation
			for _, v := range rapid.SliceOfN(rapid.IntRange(0, 30), 1, 9).Draw(t, name) {
				all = append(all, Observation{After: time.Duration(v) * time.Second, Censored: v == 30})
			}
			return all
		}
		candidate, baseline := arm("candidate"), arm("baseline")
		margin := time.Duration(rapid.IntRange(-5, 20).Draw(t, "margin")) * time.Second
		beyond, within := ShiftP(candidate, baseline, margin)
		for _, alpha := range []float64{.19, .051, .011, .0013} {
			shift := HodgesLehmann(candidate, baseline, 1-alpha)
			if got, want := beyond <= alpha, shift.Lo > margin; got != want {
				t.Fatalf("p of beyond %v at %g, interval from %v, margin %v", beyond, alpha, shift.Lo, margin)
			}
			if got, want := within <= alpha, shift.Hi <= margin && shift.Hi != Never; got != want {
				t.Fatalf("p of within %v at %g, interval to %v, margin %v", within, alpha, shift.Hi, margin)
			}
		}
	})
}

func TestShiftPValues(t *testing.T) {
	s := func(v ...float64) []Observation {
		var all []Observation
		for _, x := range v {
			all = append(all, Observation{After: time.Duration(math.Round(x*1000)) * time.Millisecond})
		}
		return all
	}
	base := s(4.1, 4.3, 4.0, 4.6, 4.2, 4.4, 4.5, 4.3)
	for _, c := range []struct {
		rule           string
		candidate      []Observation
		margin         time.Duration
		beyond, within float64
	}{
		{"all longer: twice 1 of C(13,5) = 1287 orders", s(5.2, 5.6, 4.9, 5.3, 5.8), 0, 2. / 1287, 1},
		{"all within a long margin", s(5.2, 5.6, 4.9, 5.3, 5.8), time.Minute, 1, 2. / 1287},
		{"no candidate is no evidence", nil, 0, 1, 1},
	} {
		t.Run(c.rule, func(t *testing.T) {
			beyond, within := ShiftP(c.candidate, base, c.margin)
			if math.Abs(beyond-c.beyond) > 1e-9 || math.Abs(within-c.within) > 1e-9 {
				t.Errorf("got %v and %v, want %v and %v", beyond, within, c.beyond, c.within)
			}
		})
	}
}

func TestFewestTrialsWithAnInterval(t *testing.T) {
	// Two-sided, of C(2n,n) orders one at each end: 2/20, 2/70, 2/252, 2/924.
	for confidence, want := range map[float64]int{.89: 3, .95: 4, .99: 5, .997: 6, 0: 0, 1: 0, math.NaN(): 0} {
		if got := LeastForShift(confidence); got != want {
			t.Errorf("at %g: got %d, want %d", confidence, got, want)
		}
	}
}

func TestTrialsThatWouldTell(t *testing.T) {
	shift := func(lo, estimate, hi time.Duration) Shift { return Shift{Estimate: estimate, Lo: lo, Hi: hi} }
	const s = time.Second
	for _, c := range []struct {
		rule                string
		shift               Shift
		margin              time.Duration
		n, m                int
		alpha               float64
		candidate, baseline int
		ok                  bool
	}{
		{"half the room takes four times the trials of both", shift(-2*s, 0, 2*s), 1 * s, 8, 8, .05, 32, 32, true},
		{"with a large baseline the candidate's suffice", shift(-2*s, 0, 2*s), 3 * s / 2, 8, 80, .05, 16, 80, true},
		{"too few for an interval", shift(-Never, 0, Never), s, 3, 3, .05, 4, 4, true},
		{"too few for a stricter level", shift(-Never, 0, Never), s, 3, 9, .003, 6, 9, true},
		{"enough, and still without an end", shift(0, s, Never), s, 9, 9, .05, 9, 9, false},
		{"the estimate is the margin", shift(-s, 0, s), 0, 8, 8, .05, 0, 0, false},
		{"no trial yet", Shift{}, s, 0, 8, .05, 0, 0, false},
	} {
		t.Run(c.rule, func(t *testing.T) {
			candidate, baseline, ok := c.shift.TrialsToTell(c.margin, c.n, c.m, .95, c.alpha)
			if candidate != c.candidate || baseline != c.baseline || ok != c.ok {
				t.Errorf("got %d, %d, %v; want %d, %d, %v", candidate, baseline, ok, c.candidate, c.baseline, c.ok)
			}
		})
	}
}
