package calibrate

import (
	"context"
	"sort"
	"time"

	"github.com/fournines/fournines/harness"
)

// onTime is how late a request may be sent and still count as sent in time.
const onTime = time.Millisecond

// ledger is a load that also keeps, for every scheduled request, when it was
// due and how late it was sent. It may be run once, and read when Run has
// returned.
type ledger struct {
	harness.Load
	// due, lag and delay are by the request's place in the schedule; a lag of
	// notSent means that it was not sent.
	due []time.Time
	lag []time.Duration
	// delay is how long after it was due a request's fate was known at the
	// latest: sent, and answered or refused. What the target did to it on
	// purpose is not in it; see settle.
	delay []time.Duration
}

const notSent = time.Duration(-1)

// underWay is more than a request can take: as late as the generator sends at
// all, and then its timeout.
const underWay = 2 * timeout

// Run implements harness.Load.
func (l *ledger) Run(ctx context.Context, emit func(harness.Event)) error {
	return l.Load.Run(ctx, func(e harness.Event) {
		l.enter(e)
		emit(e)
	})
}

func (l *ledger) enter(e harness.Event) {
	for uint64(len(l.due)) <= e.Seq {
		l.due, l.lag, l.delay = append(l.due, time.Time{}), append(l.lag, notSent), append(l.delay, 0)
	}
	l.due[e.Seq], l.delay[e.Seq] = e.Intended, timeout // at the least, when it is not sent
	if e.Class != harness.NotSent {
		l.lag[e.Seq] = max(0, e.Sent.Sub(e.Intended))
		l.delay[e.Seq] = max(l.lag[e.Seq], e.Latency)
	}
}

// settle puts for the delay of those requests that the target failed on purpose
// the time until it decided so: the rest of their latency is the script's.
func (l *ledger) settle(failed map[uint64]time.Time) {
	for seq, at := range failed {
		if seq < uint64(len(l.due)) {
			l.delay[seq] = max(0, l.lag[seq], at.Sub(l.due[seq]))
		}
	}
}

// at is the place in the schedule of the first request that is due at or after
// t.
func (l *ledger) at(t time.Time) int {
	return sort.Search(len(l.due), func(i int) bool { return !l.due[i].Before(t) })
}

// scheduled is the number of requests that are due in [from, to).
func (l *ledger) scheduled(from, to time.Time) int { return max(0, l.at(to)-l.at(from)) }

// latest is the longest delay of the requests that are due in [from, to), or
// were due before and still under way at from.
func (l *ledger) latest(from, to time.Time) time.Duration {
	worst := time.Duration(0)
	for i := l.at(from.Add(-underWay)); i < l.at(to); i++ {
		if !l.due[i].Add(l.delay[i]).Before(from) {
			worst = max(worst, l.delay[i])
		}
	}
	return worst
}

// Sending is how well the generator kept its schedule in one arm.
type Sending struct {
	Scheduled int `json:"scheduled"`
	NotSent   int `json:"notSent"`
	// Lag is sent - intended of all requests that were sent.
	Lag Spread `json:"lag"`
	// OnTime is the share of scheduled requests that were sent within 1 ms of
	// their intended time, in [0,1].
	OnTime float64 `json:"onTime"`
}

// sending sums the ledger up.
func (l *ledger) sending() Sending {
	s := Sending{Scheduled: len(l.lag)}
	var sent []time.Duration
	punctual := 0
	for _, lag := range l.lag {
		if lag == notSent {
			s.NotSent++
			continue
		}
		sent = append(sent, lag)
		if lag <= onTime {
			punctual++
		}
	}
	s.Lag = spreadOf(sent)
	if s.Scheduled > 0 {
		s.OnTime = float64(punctual) / float64(s.Scheduled)
	}
	return s
}
