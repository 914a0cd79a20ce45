package load

import (
	"context"
	"fmt"
	"net/http"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/loopback"
)

// eventBuffer is how many events may wait for emit before workers do.
const eventBuffer = 4096

// openLoop is a harness.Load at a constant rate.
type openLoop struct {
	Config
	schedule schedule
	guard    loopback.Guard
	// workers is the most requests that can be under way at once.
	workers uint64
}

// Run implements harness.Load.
//
// When ctx is done nothing more is scheduled. Requests that are under way are
// waited for, up to the timeout, and not cut off: what a hanging stack still
// owes at the end is part of what the load has to tell. So Run returns at the
// latest one timeout after ctx was done. Requests that were due by then, for
// 10 ms at least, and not handed to a worker are emitted as not-sent.
func (l *openLoop) Run(ctx context.Context, emit func(harness.Event)) error {
	if ctx.Err() != nil {
		return nil
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	start := time.Now()
	stopped := make(chan time.Duration, 1)
	defer context.AfterFunc(ctx, func() { stopped <- time.Since(start) })()

	x := newExchange(l, start, cancel)
	defer x.transport.CloseIdleConnections()
	events := l.attack(ctx, x)
	// Only a panic of emit leaves events behind; workers must not hang on them.
	defer func() {
		cancel(nil)
		for range events {
		}
	}()

	sent := uint64(0)
	for e := range events {
		sent = max(sent, e.Seq+1)
		emit(e)
	}
	due := l.schedule.total()
	if ctx.Err() != nil {
		due = l.schedule.scheduled(<-stopped)
	}
	for seq := sent; seq < due; seq++ {
		emit(harness.Event{
			Seq: seq, Intended: start.Add(l.schedule.offset(seq)), Class: harness.NotSent,
			Detail: "load stopped before a worker was free",
		})
	}
	return x.broken()
}

// attack runs vegeta over x until ctx is done or the schedule ends. The
// channel is closed when the last event was received.
func (l *openLoop) attack(ctx context.Context, x *exchange) <-chan harness.Event {
	// An attacker cannot be used twice: its stop channel closes only once.
	attacker := vegeta.NewAttacker(
		vegeta.Client(&http.Client{Transport: x}),
		vegeta.MaxWorkers(l.workers),
	)
	unlink := context.AfterFunc(ctx, func() { attacker.Stop() })
	clock := newAlarm(ctx)
	results := attacker.Attack(tick, &pacer{alarm: clock, schedule: l.schedule, start: x.start}, 0, "")
	go func() {
		defer close(x.events)
		defer clock.close()
		defer unlink()
		for r := range results {
			if r.Error != "" {
				x.events <- x.notSent(r.Seq, fmt.Sprintf("vegeta: %s", r.Error))
			}
		}
	}()
	return x.events
}

// tick is the target of every hit. Vegeta draws targets in another order than
// it numbers hits, so the real request is made from the number, in exchange.
func tick(t *vegeta.Target) error {
	t.Method, t.URL = http.MethodGet, "http://schedule.invalid/"
	return nil
}
