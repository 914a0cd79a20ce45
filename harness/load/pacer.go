package load

import "time"

// pacer is a vegeta.Pacer that holds the attack loop to a schedule. Vegeta
// calls Pace from one goroutine, with the number of requests that it has
// handed to workers so far: that is the seq of the next one.
//
// The waiting is done inside Pace and not by vegeta, because vegeta's sleep
// cannot be cut short (at a rate of 0.1/s a stop would take ten seconds) and is
// as coarse as the runtime's timers.
type pacer struct {
	alarm    alarm
	schedule schedule
	start    time.Time
}

// Pace returns when request hits is due, or with stop when the schedule or
// the alarm's context has ended.
func (p *pacer) Pace(_ time.Duration, hits uint64) (wait time.Duration, stop bool) {
	if hits >= p.schedule.total() {
		return 0, true
	}
	return 0, !p.alarm.wait(p.start.Add(p.schedule.offset(hits)))
}

// Rate is part of vegeta.Pacer; the attack loop does not use it.
func (p *pacer) Rate(time.Duration) float64 { return p.schedule.rate }
