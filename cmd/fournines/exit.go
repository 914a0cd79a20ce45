package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/fournines/fournines/harness"
)

// Exit codes of every command. A broken runner (exitInvalid) is never
// reported as a broken product (exitMissed).
const (
	exitPass         = 0
	exitMissed       = 1
	exitUsage        = 2
	exitInconclusive = 3
	exitInvalid      = 4
	exitNotRemoved   = 5
	// exitSignal is added to the number of the signal that ended the run.
	exitSignal = 128
)

// exitHelp is the table of exit codes for people.
const exitHelp = `Exit codes:
  0  pass
  1  an objective was missed
  2  wrong usage or configuration
  3  inconclusive: sound evidence, but not enough of it
  4  invalid: the experiment or its environment broke, so this is not evidence
  5  a fault could not be removed
  128+n  ended by signal n (130: Ctrl-C)`

// failure is an error that knows the exit code it leads to. A failure without
// an error was already explained on the way and prints nothing more.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string {
	if f.err == nil {
		return fmt.Sprintf("exit code %d", f.code)
	}
	return f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// usage marks err as something that the caller of the command can correct.
func usage(err error) error { return &failure{exitUsage, err} }

// environment marks err as something that the machine lacks or that broke.
func environment(err error) error { return &failure{exitInvalid, err} }

// exited ends a command with a code after everything was said.
func exited(code int) error {
	if code == exitPass {
		return nil
	}
	return &failure{code: code}
}

// exitCode is the code that err leads to: the one it carries, else
// exitInvalid, because an error that nobody expected says nothing about the
// stack under test.
func exitCode(err error) int {
	if err == nil {
		return exitPass
	}
	if f, ok := errors.AsType[*failure](err); ok {
		return f.code
	}
	return exitInvalid
}

// outcomeCode is the exit code of a run that came to outcome o.
func outcomeCode(o harness.Outcome) int {
	switch o {
	case harness.Pass:
		return exitPass
	case harness.Fail:
		return exitMissed
	case harness.Invalid:
		return exitInvalid
	}
	return exitInconclusive
}

// signalCode is the exit code of a run that s ended.
func signalCode(s os.Signal) int {
	if n, ok := s.(syscall.Signal); ok {
		return exitSignal + int(n)
	}
	return exitSignal
}
