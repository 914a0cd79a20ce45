package harness

import "time"

// The room that a recorder makes in memory at the start of a trial.
const (
	// mostReserved bounds it: a day takes 26 MiB. What goes on for longer grows.
	mostReserved = 24 * time.Hour
	// spare is by how much a trial may outlast its plan: faults that take their
	// time, answers that are waited for.
	spare = time.Minute
)

// reserve makes room for all that a trial of p keeps in memory second by
// second, so that it needs as much at its start as at its end.
func (r *recorder) reserve(p Plan) {
	length := min(max(p.Scenario.Stages.Total(), 0), mostReserved) + spare
	seconds := int(length / time.Second)
	single := maxOutages
	// Two outages have a good request between them.
	if most := p.Scenario.Load.Rate * length.Seconds() / 2; most >= 0 && most < maxOutages {
		single = int(most)
	}
	r.evidence.Seconds = make([]Second, 0, seconds)
	r.evidence.Outages = make([]Outage, 0, single+seconds)
}

// keep holds in memory what a look at a running trial reads: see Look. The
// whole is in the spool. rec belongs to the recorder.
func (r *recorder) keep(rec record) {
	switch {
	case rec.Prober != "":
		return
	case rec.Second != nil:
		r.lag.Merge(rec.Second.Lag)
		rec.Second = rec.Second.light()
	case rec.Outage != nil:
		var ok bool
		if rec.Outage.Example, ok = r.examples.shared(rec.Outage.Example); !ok {
			rec.Outage.Example = ""
		}
	}
	r.evidence.apply(rec)
}

// light is s without what takes room.
func (s *Second) light() *Second {
	return &Second{At: s.At, Ticks: s.Ticks, CPU: s.CPU, Stolen: s.Stolen}
}

// recall puts what was spooled in the place of what is in memory. When that
// fails the trial is no evidence: it has a Problem that says so. The caller
// holds mu.
func (r *recorder) recall() {
	_ = r.drain() // its error is kept
	whole, err := r.spool.read()
	if err == nil {
		r.evidence = whole
	} else {
		r.fail(err)
		r.put(record{Problem: &Problem{Code: HarnessError, At: r.now(), Detail: err.Error()}})
	}
	if err := r.spool.close(); err != nil {
		r.fail(err)
	}
	r.spool = nil
}
