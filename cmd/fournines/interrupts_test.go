package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestInterrupts(t *testing.T) {
	var said []string
	quit := 0
	ctx, cancel := context.WithCancelCause(t.Context())
	in := &interrupts{
		cancel: cancel,
		say:    func(format string, args ...any) { said = append(said, fmt.Sprintf(format, args...)) },
		quit:   func(code int) { quit = code },
	}
	if in.signal() != nil || in.hurry() {
		t.Fatalf("before any signal: signal %v, hurry %v; want neither", in.signal(), in.hurry())
	}

	in.handle(syscall.SIGTERM)
	if cause, ok := errors.AsType[signalled](context.Cause(ctx)); !ok || cause.signal != syscall.SIGTERM {
		t.Errorf("the first signal cancelled with %v, want it as the cause", context.Cause(ctx))
	}
	if in.signal() != syscall.SIGTERM || in.hurry() || quit != 0 {
		t.Errorf("after the first signal: signal %v, hurry %v, quit %d; want SIGTERM only", in.signal(), in.hurry(), quit)
	}

	in.handle(syscall.SIGINT)
	if in.signal() != syscall.SIGTERM || !in.hurry() || quit != 0 {
		t.Errorf("after the second signal: signal %v, hurry %v, quit %d; want SIGTERM, in a hurry", in.signal(), in.hurry(), quit)
	}

	in.handle(syscall.SIGINT)
	if quit != 130 {
		t.Errorf("the third signal left with %d, want 130", quit)
	}
	if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "`"+healCommand+"`") }) {
		t.Errorf("said %q, want the command that cleans up", said)
	}
}

func TestASignalThatComesAgainAtOnceCountsOnce(t *testing.T) {
	for _, c := range []struct {
		rule   string
		second os.Signal
		after  time.Duration
		want   int32
	}{
		{"the same one within 500 ms is the first", syscall.SIGINT, 499 * time.Millisecond, 1},
		{"after 500 ms it is another one", syscall.SIGINT, 500 * time.Millisecond, 2},
		{"another signal is always another one", syscall.SIGTERM, time.Millisecond, 2},
	} {
		t.Run(c.rule, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				in := &interrupts{cancel: func(error) {}, say: func(string, ...any) {}, quit: func(int) {}}
				in.handle(syscall.SIGINT)
				<-time.After(c.after)
				in.handle(c.second)
				if got := in.count.Load(); got != c.want {
					t.Errorf("counted %d signals, want %d", got, c.want)
				}
			})
		})
	}
}

func TestSignalCancelsTheWork(t *testing.T) {
	heard := make(chan string, 1)
	ctx, in, stop := watchSignals(t.Context(), func(format string, args ...any) { heard <- fmt.Sprintf(format, args...) }, func(int) {})
	defer stop()
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	<-ctx.Done()
	<-heard
	if in.signal() != syscall.SIGHUP {
		t.Errorf("signal() = %v, want SIGHUP", in.signal())
	}
	if want := "interrupted by SIGHUP"; context.Cause(ctx).Error() != want {
		t.Errorf("cause %q, want %q", context.Cause(ctx), want)
	}
}
