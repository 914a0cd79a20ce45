package harness

import (
	"time"

	"github.com/fournines/fournines/harness/processors"
)

// tally turns events, which arrive in any order, into Seconds and Outages in
// the order of the schedule. It holds only what has not yet arrived in order:
// at most the requests in flight. Not safe for concurrent use.
type tally struct {
	base  time.Time
	bound time.Duration // latency above which an answered event is bad; 0 none
	emit  func(record)

	next    uint64 // the next sequence number to be counted
	waiting map[uint64]Event

	current *Second
	outage  *Outage
	// outages is how many were kept one by one; folded gathers those of about
	// a second after that.
	outages int
	folded  *Outage
	last    time.Duration // intended offset of the last counted event
	cpu     func() time.Duration
	cpuSeen time.Duration
	theft   *theft // nil tells nothing
	served  served // nil counts nobody

	scheduled, bad int
	p99            time.Duration
}

func newTally(base time.Time, bound time.Duration, emit func(record)) *tally {
	return &tally{
		base: base, bound: bound, emit: emit,
		waiting: map[uint64]Event{},
		cpu:     processCPU, cpuSeen: processCPU(),
		theft: newTheft(processors.Read), served: served{},
	}
}

// add takes one event in any order.
func (t *tally) add(ev Event) {
	if ev.Seq != t.next {
		t.waiting[ev.Seq] = ev
		return
	}
	t.count(ev)
	for t.next++; ; t.next++ {
		ev, ok := t.waiting[t.next]
		if !ok {
			return
		}
		delete(t.waiting, t.next)
		t.count(ev)
	}
}

// count takes one event in the order of the schedule.
func (t *tally) count(ev Event) {
	at := ev.Intended.Sub(t.base)
	if at < 0 {
		at = 0
	}
	t.advance(at)
	t.last = at
	class := ev.Class
	if class == OK && t.bound > 0 && ev.Latency > t.bound {
		class = Slow
	}
	if class != OK {
		if t.current.Classes == nil {
			t.current.Classes = map[Class]int{}
		}
		t.current.Classes[class]++
	}
	if class == NotSent {
		return
	}
	t.current.Lag.Record(ev.Sent.Sub(ev.Intended))
	if class == OK || class == Slow {
		t.current.Latency.Record(ev.Latency)
		t.served.count(t.current, ev.Served)
	}
	t.scheduled++
	tick := &t.current.Ticks[int((at-t.current.At)/TickWidth)]
	tick.Scheduled++
	if class == OK {
		t.endOutage(at)
		return
	}
	t.bad++
	tick.Bad++
	if t.outage == nil {
		t.outage = &Outage{Window: Window{From: at}, Example: example(class, ev)}
	}
	t.outage.Bad++
}

func example(class Class, ev Event) string {
	if ev.Detail == "" {
		return string(class)
	}
	return string(class) + ": " + ev.Detail
}

// advance closes all seconds before the one that holds at.
func (t *tally) advance(at time.Duration) {
	if t.current == nil {
		t.current = &Second{At: at.Truncate(time.Second)}
	}
	for at >= t.current.At+time.Second {
		next := t.current.At + time.Second
		t.closeSecond()
		t.current = &Second{At: next}
	}
}

func (t *tally) closeSecond() {
	cpu := t.cpu()
	t.current.CPU, t.cpuSeen = cpu-t.cpuSeen, cpu
	if t.theft != nil {
		t.current.Stolen = t.theft.share()
	}
	t.p99 = t.current.Latency.Quantile(0.99)
	t.emit(record{Second: t.current})
	t.current = nil
}

func (t *tally) endOutage(at time.Duration) {
	if t.outage == nil {
		return
	}
	t.outage.To = at
	o := t.outage
	t.outage = nil
	if t.outages < maxOutages {
		t.outages++
		t.emit(record{Outage: o})
		return
	}
	t.fold(o)
}

// maxOutages is how many outages a stream keeps one by one: far more than
// anybody reads, and a bound on the memory of a long trial in which requests
// fail all the time. Those that follow are kept by the second.
const maxOutages = 10_000

// fold adds an outage to those of about the same second.
func (t *tally) fold(o *Outage) {
	if t.folded != nil && o.From >= t.folded.From+time.Second {
		t.unfold()
	}
	if t.folded == nil {
		t.folded = &Outage{Window: Window{From: o.From}, Example: o.Example}
	}
	f := t.folded
	f.To = o.To
	f.Sum += o.Length()
	f.Folded++
	f.Bad += o.Bad
	f.Open = o.Open
}

// unfold emits what was folded.
func (t *tally) unfold() {
	if t.folded != nil {
		t.emit(record{Outage: t.folded})
		t.folded = nil
	}
}

// close counts what is left. Gaps in the sequence, which a correct Load never
// leaves, are reported as the number of missing events.
func (t *tally) close() (missing int) {
	for len(t.waiting) > 0 {
		ev, ok := t.waiting[t.next]
		if ok {
			delete(t.waiting, t.next)
			t.count(ev)
		} else {
			missing++
		}
		t.next++
	}
	if t.outage != nil {
		t.outage.Open = true
		t.endOutage(t.last)
	}
	t.unfold()
	if t.current != nil {
		t.closeSecond()
	}
	return missing
}
