package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/journal"
	"github.com/fournines/fournines/stack/docker"
)

// newWatchdog is the hidden command that a run starts beside itself. Its
// standard input is a pipe from the run: a farewell means that nothing is
// left, its end without one that the run is dead.
func newWatchdog() *cobra.Command {
	return &cobra.Command{
		Use:    "watchdog JOURNAL",
		Short:  "Undo the faults of a run that died or hangs (a run starts it itself)",
		Hidden: true,
		Args:   arguments(1, 1, "the run's journal"),
		RunE: func(cmd *cobra.Command, args []string) error {
			signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM, syscall.SIGPIPE)
			if err := watchOver(cmd.Context(), args[0], cmd.InOrStdin(), cmd.OutOrStdout()); err != nil {
				return environment(err)
			}
			return nil
		},
	}
}

// watchdogLog is where the watchdog of a journal writes.
func watchdogLog(path string) string { return strings.TrimSuffix(path, journal.Suffix) + ".log" }

// watchOver watches one journal until nothing of its run is left.
func watchOver(ctx context.Context, path string, run io.Reader, ready io.Writer) (err error) {
	log, err := os.OpenFile(watchdogLog(path), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the watchdog's log: %w", err)
	}
	quiet := true
	say := func(format string, args ...any) {
		quiet = false
		fmt.Fprintf(log, time.Now().Format(time.RFC3339Nano)+" "+format+"\n", args...)
	}
	fmt.Fprintf(log, "%s watchdog %d watches %s\n", time.Now().Format(time.RFC3339Nano), os.Getpid(), path)
	defer func() {
		if err != nil {
			say("%v", err)
		}
		err = errors.Join(err, log.Close())
		if quiet { // the run ended well: there is nothing to tell
			err = errors.Join(err, os.Remove(log.Name()))
		}
	}()
	fmt.Fprintln(ready, watchdogReady)
	ended := make(chan bool, 1)
	go func() {
		said, _ := io.ReadAll(io.LimitReader(run, 64)) // an error is an end like any other
		ended <- string(said) == watchdogFarewell
	}()
	engines := &undoers{ctx: ctx}
	defer engines.close()
	dog := &journal.Watchdog{Path: path, Choose: engines.choose, Discard: discard, Say: say}
	return dog.Watch(ctx, ended)
}

// discardAgain is the pause before a second look for what a dead run started:
// the engine may have been making a container when the run died.
const discardAgain = 3 * time.Second

// discard removes the stack that a dead run started for itself, and the side
// containers that it started beside one that is not its own.
func discard(ctx context.Context, b journal.Begin) error {
	for range 2 {
		if b.Owns {
			if _, err := docker.SweepRun(ctx, b.RunID); err != nil {
				return err
			}
		}
		if _, err := docker.SweepAgents(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(discardAgain):
		}
	}
	return nil
}

// undoers connects to the engine for those journals whose targets it knows.
type undoers struct {
	ctx    context.Context
	undoer *docker.Undoer
	engine docker.Engine
}

// choose implements journal.Chooser.
func (u *undoers) choose(b journal.Begin) (journal.Undoer, error) {
	if u.undoer == nil {
		undoer, err := docker.NewUndoer(u.ctx)
		if err != nil {
			return nil, err
		}
		engine, err := undoer.Engine(u.ctx)
		if err != nil {
			return nil, errors.Join(err, undoer.Close())
		}
		u.undoer, u.engine = undoer, engine
	}
	if theirs := (docker.Engine{ID: b.Engine, Address: b.Address}); !u.engine.Same(theirs) {
		return nil, &elsewhere{run: b.RunID, theirs: theirs, here: u.engine}
	}
	if b.Owns {
		there, err := u.undoer.Has(u.ctx, b.RunID)
		if err != nil || !there {
			return goneStack{undoing{u.undoer}}, err
		}
	}
	return undoing{u.undoer}, nil
}

// goneStack undoes faults in a stack that was removed: what was removed with
// it is not made anew.
type goneStack struct{ undoing }

// Undo implements journal.Undoer.
func (g goneStack) Undo(ctx context.Context, s harness.UndoStep) error {
	if s.Op == "recreate" {
		return nil
	}
	return g.undoing.Undo(ctx, s)
}

func (u *undoers) close() {
	if u.undoer != nil {
		_ = u.undoer.Close() // only asked and told
	}
}

// elsewhere is the error for faults in containers of another engine.
type elsewhere struct {
	run          string
	theirs, here docker.Engine
}

func (e *elsewhere) Error() string {
	return fmt.Sprintf("run %q broke containers of the engine at %q, this is another one at %q; heal it there: DOCKER_HOST=%s fournines heal",
		e.run, e.theirs.Address, e.here.Address, e.theirs.Address)
}

// undoing lets journals and containers meet, which know nothing of each other.
type undoing struct{ undoer *docker.Undoer }

// Undo implements journal.Undoer.
func (u undoing) Undo(ctx context.Context, s harness.UndoStep) error {
	return u.undoer.Undo(ctx, docker.UndoStep(s))
}
