package calibrate

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/fournines/fournines/harness"
)

// Stages of a trial about recovery. Service counts as restored when it was
// good for 10 s, and a slice may take its edge.
const (
	recoveryBaseline = 300 * time.Millisecond
	recoverySpare    = 200 * time.Millisecond
	recoveryHold     = 10*time.Second + 300*time.Millisecond
	// An outage lasts recoveryLeast and up to recoveryMore longer.
	recoveryLeast = 500 * time.Millisecond
	recoveryMore  = 700 * time.Millisecond
)

// Stamp is one point of the recovery time line as it was and as it was
// measured, from the start of its trial.
type Stamp struct {
	Name     string        `json:"name"`
	Truth    time.Duration `json:"truthNs"`
	Measured harness.Stamp `json:"measured"`
}

// Off is the error of the best estimate of a stamp, its upper bound.
func (s Stamp) Off() time.Duration { return s.Measured.Hi - s.Truth }

// within reports whether the stamp was seen and the truth lies in its interval,
// or no more than tolerance beside it.
func (s Stamp) within(tolerance time.Duration) bool {
	return s.Measured.State == harness.Seen && s.Truth >= s.Measured.Lo-tolerance && s.Truth <= s.Measured.Hi+tolerance
}

// Recovery is one trial about the recovery time line.
type Recovery struct {
	Mode   Mode          `json:"mode"`
	Length time.Duration `json:"lengthNs"`
	Stamps []Stamp       `json:"stamps"`
	Sending
}

// recoveryTrial injects one outage in mode, from which the target recovers by
// itself, and compares the time line with the target's own.
func recoveryTrial(ctx context.Context, t *target, rate float64, mode Mode, rng *rand.Rand) (Recovery, error) {
	length := recoveryLeast + time.Duration(rng.Int64N(int64(recoveryMore)))
	o := newOutage(0, mode, length, length/3)
	s := scenario("calibrate-recovery", rate, harness.Stages{
		Steady: steadyFor, Baseline: recoveryBaseline, Disruption: length + recoverySpare, Recovery: recoveryHold,
	})
	s.Faults = []harness.FaultSpec{{Action: "scripted-outage", Target: harness.TargetSpec{Component: "target", Mode: string(harness.All)}}}
	result, err := drive(ctx, t, s, harness.Rig{
		Faults:    []harness.Fault{&scriptedFault{target: t, outage: o}},
		Observers: []harness.Observer{transitions{t}},
	})
	if err != nil {
		return Recovery{}, err
	}
	return Recovery{Mode: mode, Length: length, Stamps: stampsOf(result, o), Sending: result.sending()}, nil
}

// stampsOf compares the time line. Users are hit when the target breaks, and
// served again when it is whole: t1 = t0 and t5 = t4.
func stampsOf(t trial, o *outage) []Stamp {
	r := harness.Measure(t.evidence).Recovery
	begin, noticed, end := t.offset(o.begin), t.offset(o.noticed), t.offset(o.end)
	truth := []time.Duration{begin, begin, noticed, noticed, end, end}
	measured := []harness.Stamp{r.Effective, r.Impact, r.Detected, r.Diagnosed, r.Repaired, r.Restored}
	var all []Stamp
	for i, name := range StampNames() {
		all = append(all, Stamp{name, truth[i], measured[i]})
	}
	return all
}

// StampNames are the names of a Recovery's stamps, in order.
func StampNames() []string {
	return []string{"t0 effective", "t1 impact", "t2 detected", "t3 diagnosed", "t4 repaired", "t5 restored"}
}

// transitions is what the target says of itself.
type transitions struct{ *target }

func (transitions) String() string { return "scripted target" }

// Observe implements harness.Observer.
func (t transitions) Observe(ctx context.Context, emit func(harness.Signal)) error {
	for {
		select {
		case s := <-t.transitions:
			emit(s)
		case <-ctx.Done():
			return nil
		}
	}
}
