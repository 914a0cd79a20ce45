package harness

import (
	"math"
	"testing"
	"time"
)

// Slices that are enough for a pass are none when half of them are empty: the
// requests that are missing make the trial invalid.
func TestNeverPassesWithSlicesOfWhichHalfAreEmpty(t *testing.T) {
	s := resting(.9, seconds(60))
	s.SLO.Timeslices = &Timeslices{Target: .99, Window: time.Second}
	if clean := Judge(s, []Evidence{trialOf(s)}, nil); clean.Outcome != Pass {
		t.Fatalf("sixty good slices: got %v, want pass: %s", clean.Outcome, clean.Sentence)
	}
	v := neverPass(t, s, []Evidence{trialOf(s, func(ev *Evidence) {
		for i := range ev.Seconds {
			if i%2 == 1 {
				ev.Seconds[i].Ticks = [TicksPerSecond]Tick{}
			}
		}
	})}, nil)
	if f := find(v, "trial"); v.Outcome != Invalid || f.Code != LoadShortfall {
		t.Errorf("got %v %s, want invalid with %s", v.Outcome, f.Code, LoadShortfall)
	}
}

// The count of slices holds those with events alone.
func TestASliceWithoutEventsIsNotCounted(t *testing.T) {
	s := resting(.9, seconds(300))
	s.SLO.Timeslices = &Timeslices{Target: .99, Window: time.Second}
	v := Judge(s, []Evidence{trialOf(s, func(ev *Evidence) {
		ev.Seconds[100].Ticks = [TicksPerSecond]Tick{} // too little for a shortfall
	})}, nil)
	if got := find(v, "steady-state").Measured; got != "0 of 299 slices bad" {
		t.Errorf("got %q, want 0 of 299 slices bad", got)
	}
}

// What is no number in the evidence itself, which a file cannot hold.
func TestNeverPassesEvidenceThatIsNoNumber(t *testing.T) {
	for _, value := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -1} {
		s := killing(allLimits())
		late := func(ev *Evidence) {
			for i := range ev.Seconds {
				ev.Seconds[i].Stolen = value
				ev.Seconds[i].Lag = histogramOf(60 * time.Millisecond)
			}
		}
		v := Judge(s, []Evidence{trialOf(s, late)}, nil)
		if v.Outcome != Invalid {
			t.Errorf("%g stolen from a generator that was late: got %v", value, v.Outcome)
		}
		if g := v.Trials[0].Generator.Stolen; !(g >= 0 && g <= 1) {
			t.Errorf("%g stolen is told as %g", value, g)
		}
	}
}
