package slo

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// oneOutage is a minute of one request a second that failed from 20 s to 29 s.
func oneOutage() []Tick {
	ticks := make([]Tick, 60)
	for i := range ticks {
		ticks[i] = Tick{1, 1}
		if i >= 20 && i < 30 {
			ticks[i].Good = 0
		}
	}
	return ticks
}

func TestWindowedAvailabilityAgreesWithTheVector(t *testing.T) {
	const s = time.Second
	got := Windowed(oneOutage(), s, 10*s, 20*s, 60*s, 61*s)
	want := []WindowedAvailability{{10 * s, 0, 20 * s}, {20 * s, .5, 10 * s}, {60 * s, .8333, 0}}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 5e-5)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWorstWindowIsTheWorstOfAll(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		ticks := make([]Tick, 1+random.IntN(40))
		for i := range ticks {
			total := random.IntN(4)
			ticks[i] = Tick{float64(random.IntN(total + 1)), float64(total)}
		}
		width := 1 + random.IntN(len(ticks))
		want, found := 1.0, false
		for i := 0; i+width <= len(ticks); i++ {
			if r, ok := Occurrences(ticks[i : i+width]); ok {
				want, found = min(want, r), true
			}
		}
		got, at, ok := WorstWindow(ticks, width)
		if ok != found || ok && math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v, width %d: got %g, %v; want %g, %v", ticks, width, got, ok, want, found)
		}
		if there, _ := Occurrences(ticks[at : at+width]); ok && math.Abs(there-got) > 1e-9 {
			t.Fatalf("%v, width %d: the window at %d has %g, not %g", ticks, width, at, there, got)
		}
	}
}

func TestWindowsWithNothingTakeNoSide(t *testing.T) {
	if got, _, ok := WorstWindow([]Tick{{0, 0}, {3, 4}, {0, 0}}, 1); !ok || got != .75 {
		t.Errorf("got %g, %v; want .75", got, ok)
	}
	for name, c := range map[string]struct {
		ticks []Tick
		width int
	}{"no ticks": {nil, 1}, "no width": {oneOutage(), 0}, "nothing": {[]Tick{{0, 0}, {}}, 1}, "not a number": {[]Tick{{math.NaN(), math.NaN()}}, 1}} {
		if got, _, ok := WorstWindow(c.ticks, c.width); ok {
			t.Errorf("%s: got %g, want nothing", name, got)
		}
	}
	if got, _, ok := WorstWindow(oneOutage(), 1000); !ok || math.Abs(got-50./60) > 1e-12 {
		t.Errorf("wider than all: got %g, %v; want all of it", got, ok)
	}
	if got := Windowed(oneOutage(), 0, time.Second); got != nil {
		t.Errorf("no tick: got %v, want nothing", got)
	}
	if got := Windowed(oneOutage(), time.Second, -1, 0, 61*time.Second); got != nil {
		t.Errorf("windows that cannot be: got %v, want nothing", got)
	}
	if got := Windowed(oneOutage(), time.Second, 59500*time.Millisecond); len(got) != 1 || got[0].Worst != 50./60 {
		t.Errorf("59.5 s is 60 ticks: got %v", got)
	}
}
