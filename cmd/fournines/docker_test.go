package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// startDockerRun starts a run in containers that is under its fault until
// somebody ends it, and returns its ID. The child works in the module's
// folder: the executable for the containers is built from there.
func startDockerRun(t *testing.T) (c *child, runID string) {
	t.Helper()
	return startDockerRunUntil(t, longKill, "injected container-kill")
}

// startDockerRunUntil starts a run of the scenario in containers, waits until
// it has said text, and returns its ID. A run that injects nothing, because the
// machine was too busy to be steady, is tried again.
func startDockerRunUntil(t *testing.T, scenario, text string) (c *child, runID string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "long-kill.yaml")
	if err := os.WriteFile(file, []byte(scenario), 0o644); err != nil {
		t.Fatal(err)
	}
	endWatchdogs(t)
	for attempt := 1; ; attempt++ {
		c = startChildIn(t, ".", "run", file, "--stack", "docker", "--out", filepath.Join(dir, "runs"))
		c.await(": 1 trial of long-kill")
		runID = regexp.MustCompile(`run (\S+), seed`).FindStringSubmatch(c.stderr())[1]
		if c.says(text) {
			return c, runID
		}
		if code := c.wait(); code != exitInvalid || attempt == 3 {
			t.Fatalf("run %q ended with %d without saying %q:\n%s", runID, code, text, c.stderr())
		}
		t.Logf("run %q was no evidence; another one", runID)
	}
}

// onEngine is what the engine has of a run.
func onEngine(t *testing.T, runID string) (docker.Found, bool) {
	t.Helper()
	found, err := docker.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.RunID == runID {
			return f, true
		}
	}
	return docker.Found{}, false
}

func TestAnInterruptedRunLeavesNoContainer(t *testing.T) {
	dockertest.Require(t)
	c, runID := startDockerRun(t)
	if _, ok := onEngine(t, runID); !ok {
		t.Fatalf("run %q has nothing on the engine while it runs", runID)
	}
	c.signal(syscall.SIGINT)
	if got := c.wait(); got != 130 {
		t.Errorf("exit code %d, want 130; stderr:\n%s", got, c.stderr())
	}
	if found, ok := onEngine(t, runID); ok {
		t.Errorf("the run left something behind: %+v", found)
	}
}

// Every signal that ends a run, once and twice, while its fault is in effect.
func TestSignalsUnderAFaultLeaveNothing(t *testing.T) {
	for _, tt := range []struct {
		rule    string
		signals []syscall.Signal
		code    int
	}{
		{"SIGTERM", []syscall.Signal{syscall.SIGTERM}, 143},
		{"SIGHUP", []syscall.Signal{syscall.SIGHUP}, 129},
		{"SIGINT and then SIGTERM: the first one counts", []syscall.Signal{syscall.SIGINT, syscall.SIGTERM}, 130},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dockertest.Require(t)
			dockertest.Slow(t)
			c, runID := startDockerRunUntil(t, longKill, "injected container-kill")
			for i, s := range tt.signals {
				c.signal(s)
				if i == 0 && len(tt.signals) > 1 {
					c.await("stopping; recovering faults")
				}
			}
			if got := c.wait(); got != tt.code {
				t.Errorf("exit code %d, want %d; stderr:\n%s", got, tt.code, c.stderr())
			}
			if found, ok := onEngine(t, runID); ok {
				t.Errorf("the run left something behind: %+v", found)
			}
			if !strings.Contains(c.stderr(), "recovered container-kill") {
				t.Errorf("nothing says that the fault was recovered:\n%s", c.stderr())
			}
		})
	}
}

func TestWhatAKilledRunLeftIsRemoved(t *testing.T) {
	dockertest.Require(t)
	dockertest.Slow(t) // two platforms; TestHealUndoesWhatDeadRunsLeft has none
	first := killedDockerRun(t)

	// by the next run, which says so
	next, second := startDockerRun(t)
	if want := "removed what run \"" + first + "\" left behind"; !strings.Contains(next.stderr(), want) {
		t.Errorf("the next run does not say %q:\n%s", want, next.stderr())
	}
	if found, ok := onEngine(t, first); ok {
		t.Errorf("the next run left something of the first behind: %+v", found)
	}
	if _, ok := onEngine(t, second); !ok {
		t.Error("the next run has nothing on the engine itself")
	}
	killBoth(t, next)

	// and by down, named so that a stack that somebody keeps stays
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"down", second}, strings.NewReader(""), &out, &errs); code != exitPass {
		t.Errorf("down = %d, want %d; stderr:\n%s", code, exitPass, errs.String())
	}
	if !strings.Contains(out.String(), second) {
		t.Errorf("down does not say that it removed run %q:\n%s", second, out.String())
	}
	if found, ok := onEngine(t, second); ok {
		t.Errorf("down left something behind: %+v", found)
	}
}

// killedDockerRun is a run that was killed under its fault, and its watchdog
// with it.
func killedDockerRun(t *testing.T) (runID string) {
	t.Helper()
	c, runID := startDockerRun(t)
	killBoth(t, c)
	if found, ok := onEngine(t, runID); !ok || found.Alive || len(found.Replicas) == 0 {
		t.Fatalf("after kill -9 the engine has %+v, want a dead run with containers", found)
	}
	return runID
}

// Nobody starts another fournines: the watchdog alone undoes and removes.
func TestAKilledRunIsHealedByItsWatchdog(t *testing.T) {
	dockertest.Require(t)
	c, runID := startDockerRun(t)
	c.signal(syscall.SIGKILL)
	c.wait()
	awaitWatchdogs(t)
	if found, ok := onEngine(t, runID); ok {
		t.Errorf("the watchdog left something behind: %+v", found)
	}
	dir, err := stateDir()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, runID+".journal")); !os.IsNotExist(err) {
		t.Errorf("the journal is still there: %v", err)
	}
	log, err := os.ReadFile(filepath.Join(dir, runID+".log"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"gone without a word", "undid container-kill", "nothing of run"} {
		if !strings.Contains(string(log), want) {
			t.Errorf("the watchdog's log does not say %q:\n%s", want, log)
		}
	}
}
