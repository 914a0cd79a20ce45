package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/journal"
	"github.com/fournines/fournines/stack/docker"
)

// stateDir is where fournines keeps what has to outlive a process: the
// journals of runs and what their watchdogs say.
func stateDir() (string, error) {
	if dir := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "fournines"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a folder for journals: %w; set XDG_STATE_HOME or HOME", err)
	}
	return filepath.Join(home, ".local", "state", "fournines"), nil
}

// guard makes sure that the faults of a run end, whatever becomes of the run:
// its journal, and the watchdog that reads it. It is a harness.Journal.
type guard struct {
	journal *journal.Journal
	dog     *watchdogProcess
}

// newGuard makes the journal of a run and starts its watchdog. owns says that
// the run starts the stack and is to remove it. On an error nothing may be
// injected.
func newGuard(ctx context.Context, runID string, owns bool) (*guard, error) {
	dir, err := stateDir()
	if err != nil {
		return nil, err
	}
	engine, err := docker.Identify(ctx)
	if err != nil {
		return nil, err
	}
	j, err := journal.Create(dir, journal.Begin{
		RunID: runID, PID: os.Getpid(), Start: time.Now().Round(0),
		Stack: stackDocker, Engine: engine.ID, Address: engine.Address, Owns: owns,
	})
	if err != nil {
		return nil, fmt.Errorf("%w; set XDG_STATE_HOME to a folder that can be written to", err)
	}
	dog, err := startWatchdog(j.Path())
	if err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return &guard{j, dog}, nil
}

// Intend implements harness.Journal: where nobody would undo a fault if this
// process died, nothing is injected.
func (g *guard) Intend(i harness.Intent) (string, error) {
	if err := g.dog.alive(); err != nil {
		return "", fmt.Errorf("%w; nothing was injected", err)
	}
	return g.journal.Intend(i)
}

// Done implements harness.Journal.
func (g *guard) Done(id string) error { return g.journal.Done(id) }

// close ends the guard. Where the run left something, the journal stays and
// the watchdog sees to it.
func (g *guard) close(clean bool) error {
	err := g.journal.Close()
	if _, open := os.Stat(g.journal.Path()); open == nil {
		clean = false
	}
	return errors.Join(err, g.dog.end(clean))
}
