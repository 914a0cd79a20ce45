package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
	"github.com/fournines/fournines/reports/logs"
	"github.com/fournines/fournines/reports/logs/bulk"
	"github.com/fournines/fournines/stack"
)

const (
	// collectEnds is how long a stack may take to let go of who reads its logs,
	// shipEnds how long what was not sent yet may take.
	collectEnds = 5 * time.Second
	shipEnds    = 10 * time.Second
)

// collector keeps what a stack logs during a run. Nothing else of the run depends
// on it: what it cannot do is a warning. A nil collector does nothing.
type collector struct {
	book    *logs.Book
	shipper *bulk.Shipper
	say     func(format string, args ...any)
	// hurry reports whether nobody waits for what is not sent yet.
	hurry func() bool

	cancel context.CancelFunc
	// ended gets what FollowLogs returned.
	ended chan error
	tasks sync.WaitGroup
}

// collectLogs begins to keep what the stack logs from now on; nil for a stack
// without logs. The caller stops it before the stack goes down.
func (r *runner) collectLogs(ctx context.Context, st stack.Stack) *collector {
	source, ok := st.(stack.Logs)
	if !ok {
		return nil
	}
	shipper, err := r.logs.shipper(r.dir.RunID(), r.allowHosts)
	if err != nil {
		r.display.say("warning: no logs are sent: %v", err)
	}
	c := &collector{shipper: shipper, say: r.display.say, hurry: r.in.hurry, ended: make(chan error, 1)}
	var tap func(logs.Record, time.Time)
	if shipper != nil {
		tap = shipper.Add
	}
	c.book = logs.NewBook(r.dir.File(reports.LogsFile), logs.DefaultLimits(), tap)
	// Faults are still recovered after a signal, and that is when to read on.
	ctx, c.cancel = context.WithCancel(context.WithoutCancel(ctx))
	from := time.Now()
	go func() { c.ended <- c.follow(ctx, source, from) }()
	c.tasks.Go(func() { c.book.Keep(ctx) })
	if shipper != nil {
		c.tasks.Go(func() { shipper.Run(ctx) })
	}
	return c
}

// follow reads until ctx is done. A panic of a stack's reader is one of its
// errors.
func (c *collector) follow(ctx context.Context, source stack.Logs, from time.Time) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return source.FollowLogs(ctx, from, func(l stack.LogLine) { c.book.Add(l.Time, l.Replica, l.Component, l.Text, l.Size) })
}

// begin says that a trial begins.
func (c *collector) begin(h harness.Header) {
	if c != nil {
		c.book.Begin(h.Plan.Scenario.Name, h.Plan.Trial, h.Start)
	}
}

// flush makes what was logged so far readable.
func (c *collector) flush() {
	if c != nil {
		c.book.Flush()
	}
}

// stop ends the collection and warns of what is missing. It comes before the
// stack goes down, and deliver after it.
func (c *collector) stop() {
	if c == nil {
		return
	}
	c.cancel()
	var err error
	select {
	case err = <-c.ended:
	case <-time.After(collectEnds):
		err = fmt.Errorf("the stack did not let go of its logs within %s", collectEnds)
	}
	c.tasks.Wait()
	if err = errors.Join(err, c.book.Close()); err != nil {
		c.say("warning: the logs of this run are not whole: %v", err)
	}
}

// deliver sends what was not sent yet, and warns of what was not taken.
func (c *collector) deliver() {
	if c == nil || c.shipper == nil {
		return
	}
	patience := shipEnds
	if c.hurry() {
		patience = 0
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.shipper.Close(ctx); err != nil {
		c.say("warning: %v", err)
	}
}

// logsPath is the run's folder when something was logged; empty otherwise.
func (r *runner) logsPath() string {
	if _, err := os.Stat(r.dir.File(reports.LogsFile)); err != nil {
		return ""
	}
	return r.dir.Path()
}
