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

	"github.com/fournines/fournines/harness/slo"
)

// recorder is the only writer of a trial's Evidence. Everything goes through
// record values: to the spool and the sink at every flush, and to memory at
// once, without what takes room (see keep). All methods may be called
// concurrently.
type recorder struct {
	mu       sync.Mutex
	base     time.Time
	evidence Evidence      // what is in memory; all there is once it was recalled
	lag      slo.Histogram // that of all seconds of the load
	examples examples
	tallies  map[string]*tally // by prober; "" is the load
	pending  bytes.Buffer
	sink     io.Writer
	torn     bool   // the sink lacks something, and gets nothing more
	spool    *spool // nil once it was recalled
	err      error  // the first one
	closed   bool
}

// newRecorder opens the record of one trial: a stream for the load and one for
// each of the named probers. The spool is in folder scratch, as of
// os.CreateTemp, from the first flush until close. sink may be nil.
func newRecorder(h Header, base time.Time, sink io.Writer, scratch string, probers ...string) *recorder {
	r := &recorder{base: base, sink: sink, spool: &spool{dir: scratch}, tallies: map[string]*tally{}}
	r.reserve(h.Plan)
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
		r.torn = true
		return
	}
	r.pending.Write(line)
	r.pending.WriteByte('\n')
	// What is kept in memory is what a reader of the file will see.
	var kept record
	if err := json.Unmarshal(line, &kept); err != nil {
		r.fail(fmt.Errorf("decode evidence just encoded: %w", err))
		r.torn = true
		return
	}
	r.keep(kept)
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

// look returns the trial so far, but for Left. It does not change any more,
// but for the stages and injections, which only the engine itself writes.
func (r *recorder) look() Look {
	r.mu.Lock()
	defer r.mu.Unlock()
	ev := r.evidence
	if load := r.tallies[""]; load.folded != nil {
		ev.Outages = append(slices.Clip(ev.Outages), *load.folded)
	}
	if load := r.tallies[""]; load.outage != nil {
		open := *load.outage
		open.To, open.Open = load.last, true
		ev.Outages = append(slices.Clip(ev.Outages), open)
	}
	return Look{Evidence: ev, LagP99: r.lag.Quantile(.99)}
}

// flush writes what has gathered to the spool and the sink; the first error is
// kept and returned by every later flush.
func (r *recorder) flush() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.drain()
}

// drain is flush for who holds mu. What one of the two cannot take the other
// still gets.
func (r *recorder) drain() error {
	lines := r.pending.Bytes()
	if len(lines) > 0 && r.spool != nil {
		if err := r.spool.write(lines); err != nil {
			r.fail(err)
		}
	}
	if len(lines) > 0 && r.sink != nil && !r.torn {
		if _, err := r.sink.Write(lines); err != nil {
			r.fail(fmt.Errorf("write evidence: %w", err))
			r.torn = true
		}
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
	r.mu.Lock()
	defer r.mu.Unlock()
	r.recall()
	r.put(record{End: &end})
	err := r.drain()
	r.closed = true
	return r.evidence, err
}
