package load

import (
	"math"
	"time"
)

// schedule says when each request of a constant-rate load is due. It is pure
// arithmetic: it has no clock and knows nothing of what was sent.
type schedule struct {
	// rate is requests per second; > 0.
	rate float64
	// length is how long requests are scheduled; 0 means for ever.
	length time.Duration
}

// offset is the intended time of request seq, counted from the start. It is
// computed from seq alone, so errors do not add up: exact to 1 ns for loads of
// up to 100 days.
func (s schedule) offset(seq uint64) time.Duration {
	return time.Duration(float64(seq) / s.rate * float64(time.Second))
}

// total is the number of requests of the whole schedule; no limit is
// math.MaxUint64.
func (s schedule) total() uint64 {
	if s.length == 0 {
		return math.MaxUint64
	}
	return s.due(s.length - 1)
}

// due is the number of requests whose intended time is at or before elapsed.
func (s schedule) due(elapsed time.Duration) uint64 {
	if elapsed < 0 {
		return 0
	}
	n := uint64(elapsed.Seconds()*s.rate) + 1
	// Rounding can be off by one either way; offset decides.
	for n > 0 && s.offset(n-1) > elapsed {
		n--
	}
	for s.offset(n) <= elapsed {
		n++
	}
	return n
}

// handover is how long the generator may take to wake up and hand a request
// that is due to a worker.
const handover = 10 * time.Millisecond

// scheduled is the number of requests that a load owes when it is stopped at
// elapsed, within the schedule. A request that was due for less than handover
// was cut off by the stop and is not owed.
func (s schedule) scheduled(elapsed time.Duration) uint64 {
	return min(s.due(elapsed-handover), s.total())
}
