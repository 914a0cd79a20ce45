package main

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// cleanUp is what a person types to remove what a run left behind.
const cleanUp = "fournines down"

// signalled is why a run was cancelled: somebody sent it a signal.
type signalled struct{ signal os.Signal }

func (s signalled) Error() string { return "interrupted by " + signalName(s.signal) }

func signalName(s os.Signal) string {
	switch s {
	case syscall.SIGINT:
		return "SIGINT"
	case syscall.SIGTERM:
		return "SIGTERM"
	case syscall.SIGHUP:
		return "SIGHUP"
	}
	return s.String()
}

// interrupts turns signals into the three stages of giving up: the first
// stops the work, recovers faults and takes the stack down, then reports; the
// second skips the reports; the third ends the process at once. No signal
// before the third keeps anything from being removed.
type interrupts struct {
	cancel context.CancelCauseFunc
	// say tells the person what happens now.
	say func(format string, args ...any)
	// quit ends the process.
	quit  func(code int)
	count atomic.Int32
	first atomic.Pointer[os.Signal]
	echo  echo
}

// echoFor is the time in which the first signal may come again and is still
// the same one: a terminal and a parent process both pass Ctrl-C on.
const echoFor = 500 * time.Millisecond

// echo knows the first signal and when it came. Not safe for concurrent use.
type echo struct {
	first os.Signal
	at    time.Time
}

// hears takes a signal and reports whether it is the first one once more.
func (e *echo) hears(s os.Signal) bool {
	if e.first == nil {
		e.first, e.at = s, time.Now()
		return false
	}
	return s == e.first && time.Since(e.at) < echoFor
}

// watchSignals returns a context that the first signal cancels, with a
// signalled as its cause, until stop is called.
func watchSignals(parent context.Context, say func(string, ...any), quit func(int)) (ctx context.Context, in *interrupts, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	in = &interrupts{cancel: cancel, say: say, quit: quit}
	unwatch := onSignals(in.handle)
	return ctx, in, func() {
		unwatch()
		cancel(nil)
	}
}

// onSignals calls handle with every signal that asks the process to end, one
// after the other, until stop is called; stop waits for a call that is under
// way.
func onSignals(handle func(os.Signal)) (stop func()) {
	received := make(chan os.Signal, 3)
	signal.Notify(received, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case s := <-received:
				handle(s)
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(received)
		close(done)
		<-ended
	}
}

// handle takes one signal. It is never called concurrently.
func (in *interrupts) handle(s os.Signal) {
	if in.echo.hears(s) {
		return
	}
	switch in.count.Add(1) {
	case 1:
		in.first.Store(&s)
		in.say("%s: stopping; recovering faults and removing what was started (again: skip the reports)", signalName(s))
		in.cancel(signalled{s})
	case 2:
		in.say("%s: skipping the reports; still removing all that was started (again: leave at once)", signalName(s))
	default:
		in.say("%s: leaving at once; undo and remove what is left with `%s`", signalName(s), healCommand)
		in.quit(signalCode(s))
	}
}

// signal is the first signal that came, nil when none did.
func (in *interrupts) signal() os.Signal {
	if s := in.first.Load(); s != nil {
		return *s
	}
	return nil
}

// hurry reports whether reports are to be skipped.
func (in *interrupts) hurry() bool { return in.count.Load() >= 2 }
