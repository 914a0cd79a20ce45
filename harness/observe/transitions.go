package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
)

// transitionResolution is how exactly a part of the platform dates its own
// transitions.
const transitionResolution = time.Millisecond

// teller is the observer of a part of the platform that tells what it did
// itself, at /-/transitions?after=N.
//
// A process that was started again counts from 1 again; what the new one
// reports is emitted from its beginning. It keeps its last 1024 transitions:
// more than that within one interval are lost. What it did before the
// observation began is no signal.
type teller struct {
	source
	name  string // of the signals' source
	what  string // is observed, as in "gateway"
	every time.Duration
	kinds []harness.Kind // that are signals
}

func (o *teller) String() string { return o.name }

// transitions is the document at /-/transitions.
type transitions struct {
	Started     time.Time    `json:"started"`
	Transitions []transition `json:"transitions"`
}

type transition struct {
	Seq  uint64       `json:"seq"`
	Time time.Time    `json:"time"`
	Kind harness.Kind `json:"kind"`
	// Subject is what the change happened to.
	Subject string `json:"subject"`
	Detail  string `json:"detail"`
}

// Observe implements harness.Observer.
func (o *teller) Observe(ctx context.Context, emit func(harness.Signal)) error {
	began := time.Now()
	var started time.Time // of the process that after belongs to
	var after uint64
	silence := quietly(o.name, emit)
	err := poll(ctx, o.every, silence.listen(func(ctx context.Context) error {
		doc, err := o.ask(ctx, after)
		if err != nil {
			return err
		}
		if !doc.Started.Equal(started) {
			// Another process: its numbers have nothing to do with after.
			if after != 0 {
				if doc, err = o.ask(ctx, 0); err != nil {
					return err
				}
			}
			started, after = doc.Started, 0
		}
		for _, t := range doc.Transitions {
			if t.Seq <= after {
				continue
			}
			after = t.Seq
			if slices.Contains(o.kinds, t.Kind) && !t.Time.Before(began) {
				emit(o.signal(t))
			}
		}
		return nil
	}))
	if err != nil {
		return fmt.Errorf("observe %s %q: %w", o.what, o.name, err)
	}
	silence.until(time.Now())
	return nil
}

func (o *teller) signal(t transition) harness.Signal {
	return harness.Signal{
		Time: t.Time, Resolution: transitionResolution, Source: o.name,
		Subject: t.Subject, Kind: t.Kind, Detail: t.Detail,
	}
}

// ask fetches the transitions after a number.
func (o *teller) ask(ctx context.Context, after uint64) (transitions, error) {
	path := fmt.Sprintf("/-/transitions?after=%d", after)
	body, err := o.fetch(ctx, path)
	if err != nil {
		return transitions{}, err
	}
	var doc transitions
	if err := json.Unmarshal(body, &doc); err != nil {
		return transitions{}, useless{fmt.Errorf("read %s: %w", path, err)}
	}
	if doc.Started.IsZero() {
		return transitions{}, useless{fmt.Errorf(`read %s: no "started": want the time when the process of the %s started`, path, o.what)}
	}
	return doc, nil
}
