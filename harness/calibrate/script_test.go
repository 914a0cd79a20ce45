package calibrate

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestScriptDependsOnSeedAlone(t *testing.T) {
	if diff := cmp.Diff(Script(7, false), Script(7, false)); diff != "" {
		t.Errorf("one seed, two scripts:\n%s", diff)
	}
	if cmp.Equal(Script(7, false), Script(8, false)) {
		t.Error("seeds 7 and 8 give the same script")
	}
}

func TestScriptHoldsEveryModeApart(t *testing.T) {
	for _, test := range []struct {
		rule              string
		quick             bool
		least             int
		gap               time.Duration
		shortest, longest time.Duration
	}{
		{"in full", false, 40, leastGap, 20 * time.Millisecond, 10 * time.Second},
		{"quick", true, 11, quickGap, 20 * time.Millisecond, 600 * time.Millisecond},
	} {
		t.Run(test.rule, func(t *testing.T) {
			for seed := range uint64(50) {
				script := Script(seed, test.quick)
				if len(script) < test.least {
					t.Fatalf("%d cases, want at least %d", len(script), test.least)
				}
				seen := map[Mode]bool{}
				end, shortest, longest := time.Duration(0), time.Hour, time.Duration(0)
				for _, c := range script {
					if c.At-end < test.gap {
						t.Errorf("seed %d: %s at %s begins %s after the last, want %s", seed, c.Mode, c.At, c.At-end, test.gap)
					}
					end, seen[c.Mode] = c.At+c.Length, true
					shortest, longest = min(shortest, c.Length), max(longest, c.Length)
				}
				if len(seen) != len(modes) {
					t.Errorf("seed %d: modes %v, want all of %v", seed, seen, modes)
				}
				if shortest != test.shortest || longest != test.longest {
					t.Errorf("seed %d: from %s to %s, want %s to %s", seed, shortest, longest, test.shortest, test.longest)
				}
				if lengthOf(script) <= end {
					t.Errorf("seed %d: the script takes %s, its last case ends at %s", seed, lengthOf(script), end)
				}
			}
		})
	}
	if got := lengthOf(nil); got != 0 {
		t.Errorf("an empty script takes %s", got)
	}
}

func TestFlappingIsDownEverySecondPart(t *testing.T) {
	got := Case{At: time.Second, Length: 5 * flapPart, Mode: Flapping}.parts()
	want := []Case{{0, flapPart, Flapping}, {2 * flapPart, flapPart, Flapping}, {4 * flapPart, flapPart, Flapping}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
	if got := (Case{At: time.Second, Length: time.Minute, Mode: Hung}).parts(); len(got) != 1 || got[0].Length != time.Minute || got[0].At != 0 {
		t.Errorf("parts of another mode: %+v, want one of its own length", got)
	}
}

func TestPlannedTimeCountsEveryRateAndArm(t *testing.T) {
	one := Config{Rates: []float64{500}, Quick: true}
	two := Config{Rates: []float64{500, 500}, Quick: true}
	if p := one.Planned(); p < 15*time.Second || p > 30*time.Second {
		t.Errorf("quick takes %s, want about 20 s", p)
	}
	if one.Planned()*3/2 > two.Planned() {
		t.Errorf("one rate takes %s, two %s", one.Planned(), two.Planned())
	}
	longer := one
	longer.Clean = time.Minute
	if more := longer.Planned() - one.Planned(); more < 50*time.Second {
		t.Errorf("a minute of clean traffic adds %s", more)
	}
}
