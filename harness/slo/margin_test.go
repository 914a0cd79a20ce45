package slo

import (
	"math"
	"testing"
	"time"
)

func TestMarginIsTheLargerOfFloorAndShareOfTheMedian(t *testing.T) {
	for _, c := range []struct {
		name     string
		floor    time.Duration
		relative float64
		baseline []Observation
		want     time.Duration
	}{
		{"share", time.Second / 10, .1, baselineArm(), 430 * time.Millisecond},
		{"floor", time.Second, .1, baselineArm(), time.Second},
		{"no baseline", time.Second, .1, nil, time.Second},
		{"nothing allowed", -time.Second, -1, baselineArm(), 0},
		{"not a number", time.Second, math.NaN(), baselineArm(), time.Second},
		{"baseline never recovers", time.Second, .1, []Observation{gaveUp(60)}, Never},
		{"beyond all times", 0, math.Inf(1), baselineArm(), Never},
	} {
		if got := Margin(c.floor, c.relative, c.baseline); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAShiftIsJudgedByBothEnds(t *testing.T) {
	const margin = time.Second
	for _, c := range []struct {
		name    string
		lo, hi  time.Duration
		want    Change
		notable bool
	}{
		{"all beyond", margin + 1, 3 * margin, Worse, false},
		{"beyond and unbounded", margin + 1, Never, Worse, false},
		{"from the margin", margin, 3 * margin, ChangeUnknown, true},
		{"up to the margin", -margin, margin, NoWorse, false},
		{"longer within the margin", 1, margin, NoWorse, true},
		{"shorter", -2 * margin, -1, Better, false},
		{"over the margin", -margin, margin + 1, ChangeUnknown, false},
		{"everything", -Never, Never, ChangeUnknown, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Shift{Lo: c.lo, Hi: c.hi}
			if got := s.Beyond(margin); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
			if got := s.Notable(margin); got != c.notable {
				t.Errorf("notable %v, want %v", got, c.notable)
			}
		})
	}
	if got := (Shift{Lo: -Never, Hi: Never}).Beyond(Never); got != ChangeUnknown {
		t.Errorf("unbounded within an unbounded margin: got %d, want unknown", got)
	}
}

func TestTheVectorIsWorseThanATenth(t *testing.T) {
	margin := Margin(100*time.Millisecond, .1, baselineArm())
	if got := HodgesLehmann(worseArm(), baselineArm(), .95).Beyond(margin); got != Worse {
		t.Errorf("got %d, want worse", got)
	}
	if got := HodgesLehmann(alikeArm(), baselineArm(), .95).Beyond(margin); got != NoWorse {
		t.Errorf("got %d, want no worse", got)
	}
}
