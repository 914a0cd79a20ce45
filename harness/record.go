package harness

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
)

// record is one line of an evidence file: exactly one field is set, and Prober
// beside a second or an outage that is not of the load. A header starts a new
// trial.
type record struct {
	Prober    string           `json:"prober,omitempty"`
	Header    *Header          `json:"header,omitempty"`
	Stage     *StageRecord     `json:"stage,omitempty"`
	Second    *Second          `json:"second,omitempty"`
	Outage    *Outage          `json:"outage,omitempty"`
	Signal    *Signal          `json:"signal,omitempty"`
	Injection *InjectionRecord `json:"injection,omitempty"`
	Check     *CheckRecord     `json:"check,omitempty"`
	Ledger    *LedgerRecord    `json:"ledger,omitempty"`
	Problem   *Problem         `json:"problem,omitempty"`
	End       *End             `json:"end,omitempty"`
}

// apply folds r into e. Evidence in memory and evidence read from a file are
// made by this function alone, so that they cannot differ.
func (e *Evidence) apply(r record) {
	switch {
	case r.Header != nil:
		e.Header = *r.Header
	case r.Stage != nil:
		for i := range e.Stages {
			if e.Stages[i].Stage == r.Stage.Stage {
				e.Stages[i] = *r.Stage
				return
			}
		}
		e.Stages = append(e.Stages, *r.Stage)
	case r.Second != nil, r.Outage != nil:
		e.track(r)
	case r.Signal != nil:
		e.Signals = append(e.Signals, *r.Signal)
	case r.Injection != nil:
		for i := range e.Injections {
			if e.Injections[i].Index == r.Injection.Index {
				e.Injections[i] = *r.Injection
				return
			}
		}
		e.Injections = append(e.Injections, *r.Injection)
	case r.Check != nil:
		e.Checks = append(e.Checks, *r.Check)
	case r.Ledger != nil: // the latest counts
		ledger := *r.Ledger
		e.Ledger = &ledger
	case r.Problem != nil:
		e.Problems = append(e.Problems, *r.Problem)
	case r.End != nil:
		e.End = *r.End
	}
}

// track folds a second or an outage into the stream that it belongs to.
func (e *Evidence) track(r record) {
	t := e.Track
	if r.Prober != "" {
		t = e.Probers[r.Prober]
	}
	if r.Second != nil {
		t.Seconds = append(t.Seconds, *r.Second)
	} else {
		t.Outages = append(t.Outages, *r.Outage)
	}
	if r.Prober == "" {
		e.Track = t
		return
	}
	if e.Probers == nil {
		e.Probers = map[string]Track{}
	}
	e.Probers[r.Prober] = t
}

// WriteEvidence writes e in the form that ReadEvidence reads.
func WriteEvidence(w io.Writer, e Evidence) error {
	enc := json.NewEncoder(w)
	put := func(r record) error { return enc.Encode(r) }
	err := put(record{Header: &e.Header})
	for i := range e.Stages {
		err = errors.Join(err, put(record{Stage: &e.Stages[i]}))
	}
	for i := range e.Checks {
		err = errors.Join(err, put(record{Check: &e.Checks[i]}))
	}
	write := func(prober string, t Track) {
		for i := range t.Seconds {
			err = errors.Join(err, put(record{Prober: prober, Second: &t.Seconds[i]}))
		}
		for i := range t.Outages {
			err = errors.Join(err, put(record{Prober: prober, Outage: &t.Outages[i]}))
		}
	}
	write("", e.Track)
	for _, name := range slices.Sorted(maps.Keys(e.Probers)) {
		write(name, e.Probers[name])
	}
	for i := range e.Signals {
		err = errors.Join(err, put(record{Signal: &e.Signals[i]}))
	}
	for i := range e.Injections {
		err = errors.Join(err, put(record{Injection: &e.Injections[i]}))
	}
	if e.Ledger != nil {
		err = errors.Join(err, put(record{Ledger: e.Ledger}))
	}
	for i := range e.Problems {
		err = errors.Join(err, put(record{Problem: &e.Problems[i]}))
	}
	if e.End != (End{}) {
		err = errors.Join(err, put(record{End: &e.End}))
	}
	return err
}
