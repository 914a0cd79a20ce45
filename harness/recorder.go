package harness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"time"
)

// recorder is the only writer of a trial's Evidence. Everything goes through
// record values, to memory at once and to the sink at every flush. All methods
// may be called concurrently.
type recorder struct {
	mu       sync.Mutex
	base     time.Time
	evidence Evidence
	tallies  map[string]*tally // by prober; "" is the load
	sink     io.Writer
	pending  bytes.Buffer
	examples map[string]string // those of outages, once each; see shared
	err      error
	closed   bool
}

// newRecorder opens the record of one trial: a stream for the load and one for
// each of the named probers.
func newRecorder(h Header, base time.Time, sink io.Writer, probers ...string) *recorder {
	r := &recorder{base: base, sink: sink, tallies: map[string]*tally{}}
	for _, name := range append([]string{""}, probers...) {
		t := newTally(base, h.Plan.Scenario.SLO.LatencyBound, func(rec record) {
			rec.Prober = name
			r.put(rec)
		})
		if name != "" { // what the process and the machine do, and who serves, is recorded once, beside the load
			t.cpu, t.cpuSeen, t.theft, t.served = func() time.Duration { return 0 }, 0, nil, nil
		}
		r.tallies[name] = t
	}
	r.put(record{Header: &h})
	return r
}

// now is the present offset from the trial's base.
func (r *recorder) now() time.Duration { return time.Since(r.base) }

// put records one line. The caller holds mu, or is the only user so far.
func (r *recorder) put(rec record) {
	if r.closed {
		return
	}
	line, err := json.Marshal(rec)
	if err != nil {
		r.fail(fmt.Errorf("encode evidence: %w", err))
		return
	}
	r.pending.Write(line)
	r.pending.WriteByte('\n')
	// What is kept in memory is what a reader of the file will see, and
	// histograms stay in their compact form.
	var kept record
	if err := json.Unmarshal(line, &kept); err != nil {
		r.fail(fmt.Errorf("decode evidence just encoded: %w", err))
		return
	}
	if kept.Outage != nil {
		kept.Outage.Example = r.shared(kept.Outage.Example)
	}
	r.evidence.apply(kept)
}

// maxExamples bounds the texts that shared remembers.
const maxExamples = 256

// shared returns the same text from the same memory: a stack that fails in one
// way ten thousand times needs the words for it once.
func (r *recorder) shared(example string) string {
	if known, ok := r.examples[example]; ok {
		return known
	}
	if len(r.examples) < maxExamples {
		if r.examples == nil {
			r.examples = map[string]string{}
		}
		r.examples[example] = example
	}
	return example
}

func (r *recorder) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *recorder) write(rec record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.put(rec)
}

// events returns where the events of one stream go.
func (r *recorder) events(prober string) func(Event) {
	tally := r.tallies[prober]
	return func(ev Event) {
		r.mu.Lock()
		defer r.mu.Unlock()
		tally.add(ev)
	}
}

func (r *recorder) signal(s Signal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	// Strip the monotonic reading: observers report wall-clock times.
	s.At = s.Time.Round(0).Sub(r.base.Round(0))
	r.put(record{Signal: &s})
}

func (r *recorder) problem(code Code, format string, args ...any) {
	r.write(record{Problem: &Problem{Code: code, At: r.now(), Detail: fmt.Sprintf(format, args...)}})
}

// counts returns what progress displays need, of the load.
func (r *recorder) counts() (scheduled, bad int, p99 time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	load := r.tallies[""]
	return load.scheduled, load.bad, load.p99
}

// look returns the evidence so far, for Look. It does not change any more, but
// for the stages and injections, which only the engine itself writes.
func (r *recorder) look() Evidence {
	r.mu.Lock()
	defer r.mu.Unlock()
	ev := r.evidence
	ev.Probers = nil
	if load := r.tallies[""]; load.folded != nil {
		ev.Outages = append(slices.Clip(ev.Outages), *load.folded)
	}
	if load := r.tallies[""]; load.outage != nil {
		open := *load.outage
		open.To, open.Open = load.last, true
		ev.Outages = append(slices.Clip(ev.Outages), open)
	}
	return ev
}

// flush writes what has gathered to the sink; the first error is kept and
// returned by every later flush.
func (r *recorder) flush() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil || r.sink == nil || r.pending.Len() == 0 {
		r.pending.Reset()
		return r.err
	}
	if _, err := r.sink.Write(r.pending.Bytes()); err != nil {
		r.fail(fmt.Errorf("write evidence: %w", err))
	}
	r.pending.Reset()
	return r.err
}

// finishLoad counts the events that are still waiting; call it when load and
// probers have returned.
func (r *recorder) finishLoad() {
	r.mu.Lock()
	missing := 0
	for _, name := range slices.Sorted(maps.Keys(r.tallies)) {
		missing += r.tallies[name].close()
	}
	r.mu.Unlock()
	if missing > 0 {
		r.problem(HarnessError, "the load generator left %d scheduled requests without an event", missing)
	}
}

// close ends the recording and returns the evidence.
func (r *recorder) close(end End) (Evidence, error) {
	r.write(record{End: &end})
	err := r.flush()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return r.evidence, err
}
