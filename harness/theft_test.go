package harness

import (
	"errors"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/processors"
	"github.com/google/go-cmp/cmp"
)

// looks are what the kernel says, one answer after the other.
func looks(all ...processors.Times) func() (processors.Times, error) {
	return func() (processors.Times, error) {
		if len(all) == 0 {
			return processors.Times{}, errors.New("no such file")
		}
		next := all[0]
		all = all[1:]
		return next, nil
	}
}

func TestWhatTheHostTakesIsToldFromLookToLook(t *testing.T) {
	theft := newTheft(looks(
		processors.Times{All: 1000, Stolen: 900}, // before the trial
		processors.Times{All: 1200, Stolen: 900},
		processors.Times{All: 1400, Stolen: 968},
		processors.Times{All: 1401, Stolen: 969}, // too soon after: kept for the next
		processors.Times{All: 1600, Stolen: 969},
		processors.Times{All: 1800, Stolen: 1969}, // counters that contradict each other
	))
	var got []float64
	for range 6 { // the last look fails
		got = append(got, theft.share())
	}
	if diff := cmp.Diff([]float64{0, .34, 0, .005, 1, 0}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := newTheft(looks()).share(); got != 0 {
		t.Errorf("where nothing is counted: got %g", got)
	}
}

func TestTheTallyNotesWhatTheHostTookInItsSecond(t *testing.T) {
	var e Evidence
	base := time.Now()
	tally := newTally(base, 0, func(r record) { e.apply(r) })
	tally.theft = newTheft(looks(processors.Times{}, processors.Times{All: 200}, processors.Times{All: 400, Stolen: 68}, processors.Times{All: 600, Stolen: 68}))
	for _, ev := range events(base, 300, 0, 0) {
		tally.add(ev)
	}
	tally.close()
	var got []float64
	for _, s := range e.Seconds {
		got = append(got, s.Stolen)
	}
	if diff := cmp.Diff([]float64{0, .34, 0}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAGeneratorThatWasRobbedNeedsAnotherHost(t *testing.T) {
	s := killing(allLimits())
	late := func(ev *Evidence) {
		for i := range ev.Seconds {
			ev.Seconds[i].Lag = histogramOf(60 * time.Millisecond)
		}
	}
	for stolen, want := range map[float64]string{
		0:   "another trial with less than 300 requests/s, or on a machine with more free cores",
		.05: "another trial with less than 300 requests/s, or on a machine with more free cores",
		.34: "another trial while the host of this machine is less busy: the host took 34 % of this machine's processors away at 12.00 s",
	} {
		v := Judge(s, []Evidence{trialOf(s, late, func(ev *Evidence) { ev.Seconds[12].Stolen, ev.Seconds[13].Stolen = stolen, stolen/2 })}, nil)
		if f := find(v, "trial"); v.Outcome != Invalid || f.Code != GeneratorSaturated || f.Needs != want {
			t.Errorf("%g stolen: got %v %s, needs %q; want %q", stolen, v.Outcome, f.Code, f.Needs, want)
		}
	}
	v := Judge(s, []Evidence{trialOf(s, func(ev *Evidence) { ev.Seconds[12].Stolen = .9 })}, nil)
	if v.Outcome != Pass {
		t.Errorf("a generator that kept its schedule all the same: got %v, %s", v.Outcome, v.Sentence)
	}
}
