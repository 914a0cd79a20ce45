package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestExitCode(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want int
	}{
		{"no error is a pass", nil, exitPass},
		{"an error that nobody expected is not about the stack", errors.New("boom"), exitInvalid},
		{"a usage error is the caller's to correct", usage(errors.New("bad flag")), exitUsage},
		{"a wrapped failure keeps its code", fmt.Errorf("run: %w", environment(errors.New("no engine"))), exitInvalid},
		{"a result that was printed has only its code", exited(exitMissed), exitMissed},
		{"a pass that was printed is no error", exited(exitPass), exitPass},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := exitCode(tt.err); got != tt.want {
				t.Errorf("exitCode(%v) = %d, want %d", tt.err, got, tt.want)
			}
		})
	}
}

func TestOutcomeCode(t *testing.T) {
	for o, want := range map[harness.Outcome]int{
		harness.Pass: exitPass, harness.Fail: exitMissed, harness.Inconclusive: exitInconclusive,
		harness.Invalid: exitInvalid, harness.Outcome(99): exitInconclusive,
	} {
		if got := outcomeCode(o); got != want {
			t.Errorf("outcomeCode(%s) = %d, want %d", o, got, want)
		}
	}
}

func TestSignalCode(t *testing.T) {
	for s, want := range map[os.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 129} {
		if got := signalCode(s); got != want {
			t.Errorf("signalCode(%s) = %d, want %d", s, got, want)
		}
	}
}
