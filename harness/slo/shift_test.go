package slo

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestHodgesLehmannAgreesWithTheVectors(t *testing.T) {
	const ms = time.Millisecond
	for _, c := range []struct {
		name         string
		candidate    []Observation
		want, lo, hi time.Duration
	}{
		{"slower", worseArm(), 1050 * ms, 700 * ms, 1500 * ms},
		{"alike", alikeArm(), 100 * ms, -200 * ms, 400 * ms},
		{"not recovered twice", censoredArm(), 450 * ms, 100 * ms, Never},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := HodgesLehmann(c.candidate, baselineArm(), .95)
			if math.Abs(got.Confidence-.955) > 5e-4 {
				t.Errorf("confidence %.4f, want .955", got.Confidence)
			}
			got.Confidence = 0
			if diff := cmp.Diff(Shift{Estimate: c.want, Lo: c.lo, Hi: c.hi}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOrderStatisticsOfTheShiftTable(t *testing.T) {
	for _, c := range []struct {
		n, m, want int
		confidence float64
	}{
		{3, 5, 1, .964}, {4, 4, 1, .971}, {5, 5, 3, .968}, {5, 8, 7, .955},
		{5, 10, 9, .960}, {6, 6, 6, .959}, {10, 10, 24, .957}, {3, 3, 0, 1},
	} {
		t.Run(fmt.Sprintf("%d against %d", c.n, c.m), func(t *testing.T) {
			got, tail := shiftOrder(c.n, c.m, .95)
			if got != c.want || math.Abs(1-2*tail-c.confidence) > 5e-4 {
				t.Errorf("got %d at %.4f, want %d at %.3f", got, 1-2*tail, c.want, c.confidence)
			}
		})
	}
}

func TestLargeArmsUseAnOrderNearTheExactOne(t *testing.T) {
	exact, _ := shiftOrder(50, 50, .95)
	large, tail := shiftOrder(51, 50, .95)
	if large < exact || large > exact+40 || tail > .0255 || tail < .02 {
		t.Errorf("51 against 50: order %d with tail %g; 50 against 50 has %d", large, tail, exact)
	}
}

func TestShiftWithoutAnIntervalIsEverything(t *testing.T) {
	everything := Shift{Lo: -Never, Hi: Never, Confidence: 1}
	for name, got := range map[string]Shift{
		"no candidate":  HodgesLehmann(nil, baselineArm(), .95),
		"no baseline":   HodgesLehmann(worseArm(), nil, .95),
		"no confidence": HodgesLehmann(worseArm(), baselineArm(), 1),
		"not a number":  HodgesLehmann(worseArm(), baselineArm(), math.NaN()),
	} {
		if diff := cmp.Diff(everything, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	small := HodgesLehmann(seconds(2, 3, 4), seconds(1, 1, 1), .95)
	if diff := cmp.Diff(Shift{Estimate: 2 * time.Second, Lo: -Never, Hi: Never, Confidence: 1}, small); diff != "" {
		t.Errorf("3 against 3 (-want +got):\n%s", diff)
	}
	lost := HodgesLehmann([]Observation{gaveUp(60)}, []Observation{gaveUp(60)}, .95)
	if lost.Estimate != 0 {
		t.Errorf("neither recovered: estimate %v, want 0", lost.Estimate)
	}
}
