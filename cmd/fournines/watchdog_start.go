package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	// watchdogReady is what a watchdog says once it watches.
	watchdogReady = "ready"
	// watchdogFarewell is what a run says when it leaves nothing behind.
	watchdogFarewell = "ended\n"
	// watchdogStart bounds the start of a watchdog, watchdogEnd its end.
	watchdogStart = 20 * time.Second
	watchdogEnd   = 5 * time.Second
)

// watchdogProcess is the watchdog of a run as that run sees it.
type watchdogProcess struct {
	// farewell is the pipe whose end the watchdog sees when this process is
	// gone, however it went.
	farewell *os.File
	// gone is closed when the watchdog has ended, for the reason err.
	gone chan struct{}
	err  error
}

// startWatchdog starts a watchdog over a journal, in a session of its own, and
// waits until it watches.
func startWatchdog(path string) (_ *watchdogProcess, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("start the watchdog that undoes faults when this process dies: %w", err)
		}
	}()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	stdin, farewell, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer stdin.Close()
	stdout, ready, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, farewell.Close())
	}
	defer stdout.Close()
	// It outlives this process on purpose: no context ends it.
	cmd := &exec.Cmd{Path: self, Args: []string{"fournines", "watchdog", path}, Dir: "/", Stdin: stdin, Stdout: ready, Stderr: ready}
	detach(cmd)
	err = cmd.Start()
	ready.Close()
	if err != nil {
		return nil, errors.Join(err, farewell.Close())
	}
	w := &watchdogProcess{farewell: farewell, gone: make(chan struct{})}
	go func() {
		w.err = cmd.Wait()
		close(w.gone)
	}()
	if err := awaitLine(stdout, watchdogReady); err != nil {
		_ = cmd.Process.Kill() // it watches nothing yet
		<-w.gone
		return nil, errors.Join(err, farewell.Close())
	}
	return w, nil
}

// awaitLine reads one line that has to be want; anything else is what the
// watchdog has to say about why it does not watch.
func awaitLine(from *os.File, want string) error {
	if err := from.SetReadDeadline(time.Now().Add(watchdogStart)); err != nil {
		return err
	}
	lines := bufio.NewReader(io.LimitReader(from, 4096))
	said, err := lines.ReadString('\n')
	if strings.TrimSpace(said) == want {
		return nil
	}
	rest, _ := io.ReadAll(lines)
	if said += string(rest); said == "" {
		return fmt.Errorf("want it to say %q: %w", want, err)
	}
	return fmt.Errorf("want it to say %q, saw: %s", want, strings.TrimSpace(said))
}

// alive returns nil while the watchdog runs.
func (w *watchdogProcess) alive() error {
	select {
	case <-w.gone:
		return fmt.Errorf("the watchdog that undoes faults when this process dies has ended: %w", errors.Join(errors.New("want it to run"), w.err))
	default:
		return nil
	}
}

// end lets the watchdog go and, when the run leaves nothing behind, waits for
// its end.
func (w *watchdogProcess) end(clean bool) error {
	if !clean || w.alive() != nil {
		return w.farewell.Close()
	}
	_, err := w.farewell.WriteString(watchdogFarewell)
	err = errors.Join(err, w.farewell.Close())
	select {
	case <-w.gone:
		return err
	case <-time.After(watchdogEnd):
		return errors.Join(err, fmt.Errorf("the watchdog has not ended within %v after the run", watchdogEnd))
	}
}
