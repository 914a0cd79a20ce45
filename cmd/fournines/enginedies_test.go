package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/fournines/fournines/stack/docker/dockertest"
)

func TestAnEngineThatDiesMakesTheRunInvalidAndDownCleansUp(t *testing.T) {
	for _, tt := range []struct {
		rule, await string
		code        int
		says        string
	}{
		{"before the fault it is the environment that broke", "long-kill: baseline", exitInvalid, "nothing was touched"},
		{"under the fault nobody can remove it", "injected container-kill", exitNotRemoved, "docker start "},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dockertest.Require(t)
			dockertest.Slow(t) // every call waits for the engine
			r := startRelay(t)
			c, runID := startDockerRunUntil(t, strings.Replace(longKill, "50m", "10s", 1), tt.await)
			r.cut()
			if got := c.wait(); got != tt.code {
				t.Errorf("exit code %d, want %d; stderr:\n%s", got, tt.code, c.stderr())
			}
			// On a busy machine that is the first reason, and the report is short
			// about the others.
			whole, err := os.ReadFile(filepath.Join(c.cmd.Args[len(c.cmd.Args)-1], runID, "verdict.json"))
			if err != nil {
				t.Fatal(err)
			}
			said := strings.Join(strings.Fields(c.out.String()+c.stderr()+string(whole)), " ")
			for _, want := range []string{"INVALID", "engine.sock", tt.says, "`fournines down` removes what is left"} {
				if !strings.Contains(said, want) {
					t.Errorf("nothing says %q:\n%s\n%s", want, c.out.String(), c.stderr())
				}
			}
			wantDownRemoves(t, runID)
		})
	}
}

// A third signal has to work where the first two cannot: everything that would
// be removed waits for an engine that does not answer. Three different ones,
// because the first once more within half a second is taken for its echo.
func TestTheThirdInterruptLeavesAtOnce(t *testing.T) {
	dockertest.Require(t)
	r := startRelay(t)
	c, runID := startDockerRunUntil(t, longKill, "injected container-kill")
	r.stall()
	c.signal(syscall.SIGINT)
	c.await("SIGINT: stopping; recovering faults and removing what was started (again: skip the reports)")
	c.signal(syscall.SIGTERM)
	c.await("SIGTERM: skipping the reports; still removing all that was started (again: leave at once)")
	c.signal(syscall.SIGHUP)
	if got := c.wait(); got != 129 {
		t.Errorf("exit code %d, want 129; stderr:\n%s", got, c.stderr())
	}
	if !strings.Contains(c.stderr(), "SIGHUP: leaving at once; undo and remove what is left with `fournines heal`") {
		t.Errorf("nothing says what removes the rest:\n%s", c.stderr())
	}
	wantDownRemoves(t, runID)
}

// wantDownRemoves brings the engine back and fails the test unless
// `fournines down` removes what the run left, and says so.
func wantDownRemoves(t *testing.T, runID string) {
	t.Helper()
	if err := os.Unsetenv("DOCKER_HOST"); err != nil { // startRelay restores it
		t.Fatal(err)
	}
	if found, ok := onEngine(t, runID); !ok || found.Alive {
		t.Fatalf("the engine has %+v of run %q, want a dead run", found, runID)
	}
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"down", runID}, strings.NewReader(""), &out, &errs); code != exitPass || !strings.Contains(out.String(), runID) {
		t.Errorf("down = %d, %q, want %d and the run's name; stderr:\n%s", code, out.String(), exitPass, errs.String())
	}
	if found, ok := onEngine(t, runID); ok {
		t.Errorf("down left something behind: %+v", found)
	}
}
