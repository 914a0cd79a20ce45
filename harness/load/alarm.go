package load

import (
	"context"
	"time"
)

// alarm wakes one goroutine at moments that lie ahead. The runtime's own timers
// are not good enough for a schedule: on Linux an idle process waits for them
// in whole milliseconds, and is up to one late.
type alarm interface {
	// wait returns true at the moment until or as soon after it as the machine
	// can, and false when the context that the alarm was made with is done. It
	// is called by one goroutine at a time.
	wait(until time.Time) bool
	// close frees the alarm. It must not be called during wait.
	close()
}

// newAlarm returns the most exact alarm that the system has.
func newAlarm(ctx context.Context) alarm {
	if exact, err := newExactAlarm(ctx); err == nil {
		return exact
	}
	return timerAlarm{ctx}
}

// timerAlarm waits with the runtime's timers.
type timerAlarm struct{ ctx context.Context }

func (a timerAlarm) wait(until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-a.ctx.Done():
		return false
	case <-timer.C:
	}
	// A timer that is due at once must not win against a context that is done.
	return a.ctx.Err() == nil
}

func (a timerAlarm) close() {}
