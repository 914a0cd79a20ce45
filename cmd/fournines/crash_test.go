package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/journal"
)

// crashAll makes the crash matrix run every kind of fault at every checkpoint.
var crashAll = flag.Bool("crash-all", false, "kill a run at every checkpoint of every kind of fault, not only of a few")

// healedWithin is how long after the death of a run everything has to be as
// before: the lease of its faults.
const healedWithin = 60 * time.Second

// fewCrashes is the part of the matrix that is always run: each checkpoint,
// and each way of undoing.
func fewCrashes(action string, at harness.Checkpoint) bool {
	few := map[string][]harness.Checkpoint{
		"container-kill":     {harness.AfterIntent, harness.AfterInject},
		"container-pause":    {harness.DuringDisruption, harness.AfterRecover},
		"container-remove":   {harness.AfterInject},
		"network-disconnect": {harness.DuringRecover},
		"blackhole":          {harness.AfterInject},
		"delay":              {harness.DuringDisruption},
	}
	return slices.Contains(few[action], at)
}

// TestAfterACrashTheTargetIsAsBefore kills a run at its checkpoints and looks
// from outside: nobody starts another fournines.
func TestAfterACrashTheTargetIsAsBefore(t *testing.T) {
	endWatchdogs(t)
	var tally crashTally
	for _, where := range []struct {
		platform bool
		site     func(testing.TB) *crashSite
	}{{false, newCrashSite}, {true, newCrashPlatform}} {
		wanted := crashWanted(where.platform)
		if len(wanted) == 0 {
			continue
		}
		site := where.site(t)
		before := site.settled(t)
		for _, w := range wanted {
			t.Run(w.kind.Action+"/"+string(w.at), func(t *testing.T) {
				took, ok := site.dies(t, w.kind, w.at, before)
				tally.add(took, ok)
				if !ok {
					before = site.settled(t)
				}
			})
		}
	}
	t.Log(tally)
}

// crashTally sums the matrix up.
type crashTally struct {
	cells, bad int
	longest    time.Duration
}

func (c *crashTally) add(took time.Duration, ok bool) {
	c.cells++
	c.longest = max(c.longest, took)
	if !ok {
		c.bad++
	}
}

func (c crashTally) String() string {
	return fmt.Sprintf("%d cells, %d of them bad, healed after %v at the latest", c.cells, c.bad, c.longest.Round(10*time.Millisecond))
}

// wantedCrash is one cell of the matrix.
type wantedCrash struct {
	kind fault.Kind
	at   harness.Checkpoint
}

// crashWanted are the cells of one site that the flags ask for.
func crashWanted(platform bool) (all []wantedCrash) {
	cells := crashCells()
	for _, kind := range fault.Catalogue() {
		cell, in := cells[kind.Action]
		if !in || cell.platform != platform || *crashKinds != "" && !slices.Contains(strings.Split(*crashKinds, ","), kind.Action) {
			continue
		}
		for _, at := range harness.Checkpoints() {
			if *crashAll || fewCrashes(kind.Action, at) {
				all = append(all, wantedCrash{kind, at})
			}
		}
	}
	return all
}

// seenTries is how often a fault is injected anew whose effect a busy machine
// did not show in time.
const seenTries = 3

// dies kills a run at a checkpoint, and reports whether all was as before then,
// and how long that took. A fault that cannot be injected, or not be removed,
// fails the test.
func (s *crashSite) dies(t *testing.T, kind fault.Kind, at harness.Checkpoint, before map[string]string) (took time.Duration, ok bool) {
	t.Helper()
	for try := 1; ; try++ {
		c := s.crash(kind)
		c.At = at
		end, err := s.run(t.Context(), c, nil)
		if err != nil {
			t.Error(err)
			return 0, false
		}
		left, took := s.residue(t, c, before, end.at)
		if left != "" {
			t.Errorf("%v after the run ended (killed: %v, exit code %d) the target is not as before (-before +now):\n%s\nit said:\n%s\nthe watchdog said:\n%s",
				took, end.killed, end.code, left, end.said, s.log(c))
			return took, false
		}
		if end.killed {
			t.Logf("as before, seen %v after the kill", took.Round(time.Millisecond))
			return took, true
		}
		if end.code != exitUnseen || try == seenTries {
			t.Errorf("try %d ended with exit code %d before it reached the checkpoint:\n%s", try, end.code, end.said)
			return took, false
		}
		t.Logf("try %d: %s", try, end.said)
	}
}

// crash is the injection of one kind at this site, under a run ID of its own.
func (s *crashSite) crash(kind fault.Kind) crash {
	cell := crashCells()[kind.Action]
	c := crash{
		Run: fmt.Sprintf("crash-%s-%d", kind.Action, time.Now().UnixNano()), Kept: s.kept, Edge: s.edge,
		Action: kind.Action, Targets: cell.targets, Params: cell.params, Lasts: cell.lasts, Rate: cell.rate,
	}
	if s.shop != nil {
		c.Project = s.shop.Project
	}
	if c.Targets == nil {
		c.Targets = []string{crashTarget}
	}
	if c.Lasts == 0 {
		c.Lasts = crashLasts
	}
	if c.Rate == 0 {
		c.Rate = crashRate
	}
	return c
}

// crashEnd is how a child ended.
type crashEnd struct {
	killed bool
	code   int
	said   string
	at     time.Time
	// reached is the last checkpoint.
	reached string
	took    time.Duration
}

// run runs a child to its end. seen is called with every checkpoint that it
// says it is at, "begin" first, and its process; it may be nil.
func (s *crashSite) run(ctx context.Context, c crash, seen func(at string, p *os.Process)) (crashEnd, error) {
	args, err := json.Marshal(c)
	if err != nil {
		return crashEnd{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return crashEnd{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Args = []string{"crashchild", string(args)} // the name decides what it is
	var errs strings.Builder
	cmd.Stderr = &errs
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return crashEnd{}, err
	}
	if err := cmd.Start(); err != nil {
		return crashEnd{}, err
	}
	end := crashEnd{}
	began := time.Now()
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		at, ok := strings.CutPrefix(lines.Text(), crashed)
		if !ok {
			continue
		}
		if at == "begin" {
			began = time.Now()
		}
		if seen != nil {
			seen(at, cmd.Process)
		}
		end.reached = at
	}
	end.at, end.took = time.Now(), time.Since(began)
	err = cmd.Wait()
	end.said = errs.String()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		status, _ := exit.Sys().(syscall.WaitStatus)
		end.killed, end.code = status.Signaled() && status.Signal() == syscall.SIGKILL, exit.ExitCode()
		err = ctx.Err()
	}
	return end, err
}

// settled is the fingerprint once everything answers.
func (s *crashSite) settled(t testing.TB) map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for last := error(nil); ; {
		seen, err := s.fingerprints(ctx)
		if err == nil {
			return seen
		}
		if last == nil || ctx.Err() == nil {
			last = err
		}
		if ctx.Err() != nil {
			t.Fatalf("the site does not settle: %v", last)
		}
	}
}

// residue waits until the journal of a run is gone and the target as before,
// and returns what differs when that takes too long.
func (s *crashSite) residue(t testing.TB, c crash, before map[string]string, since time.Time) (diff string, took time.Duration) {
	t.Helper()
	ctx, cancel := context.WithDeadline(t.Context(), since.Add(healedWithin))
	defer cancel()
	dir, err := stateDir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, c.Run+journal.Suffix)
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		_, err := os.Stat(path)
		if errors.Is(err, os.ErrNotExist) {
			took = time.Since(since)
			now, err := s.fingerprints(ctx)
			if diff = cmp.Diff(before, now); diff == "" && err == nil {
				return "", took
			}
			if err != nil {
				diff += err.Error()
			}
		} else {
			diff = "the journal is still there: " + path
		}
		select {
		case <-ctx.Done():
			return diff, time.Since(since)
		case <-ticker.C:
		}
	}
}

// log is what the watchdog of a run wrote.
func (s *crashSite) log(c crash) string {
	dir, err := stateDir()
	if err != nil {
		return err.Error()
	}
	text, err := os.ReadFile(filepath.Join(dir, c.Run+".log"))
	if err != nil {
		return err.Error()
	}
	return string(text)
}
