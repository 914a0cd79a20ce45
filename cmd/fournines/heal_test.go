package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/journal"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// deadRun leaves the journal of a run that died under a fault.
func deadRun(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: deadrun RUN CONTAINER")
	}
	dir := filepath.Join(ts.Getenv("XDG_STATE_HOME"), "fournines")
	ts.Check(leave(dir, journal.Begin{RunID: args[0], PID: 1, Stack: stackDocker}, killed("catalog-2", args[1])))
}

// leave writes the journal of a run that is dead, with faults in effect.
func leave(dir string, b journal.Begin, faults ...harness.Intent) error {
	j, err := journal.Create(dir, b)
	if err != nil {
		return err
	}
	for _, i := range faults {
		if _, err := j.Intend(i); err != nil {
			return err
		}
	}
	return j.Close()
}

// killed is a container-kill of one container.
func killed(name, id string) harness.Intent {
	return harness.Intent{
		Fault: `container-kill "` + name + `"`,
		Undo: harness.UndoRecipe{
			Summary: "start " + name, Command: "docker start " + id,
			Steps: []harness.UndoStep{{Op: "start", Target: name, ID: id}},
		},
		Deadline: time.Now().Add(time.Minute).Round(0),
	}
}

// heals runs the command in this process.
func heals(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	var stdout, stderr strings.Builder
	code = run(t.Context(), append([]string{"heal"}, args...), strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// killedWithoutWatchdog is a run that was killed under a fault together with
// its watchdog, as the end of a machine does.
func (s *crashSite) killedWithoutWatchdog(t *testing.T, action string) crash {
	t.Helper()
	st, p := s.stopAt(t, action, harness.DuringDisruption)
	for _, pid := range watchdogs(t) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	<-st.over
	return st.run
}

func TestHealUndoesWhatDeadRunsLeft(t *testing.T) {
	site := newCrashSite(t)
	endWatchdogs(t)
	before := site.settled(t)
	if code, out, errs := heals(t); code != exitPass || out != "nothing to heal\n" {
		t.Errorf("of nothing: %d, %q, %q", code, out, errs)
	}

	for _, action := range []string{"container-kill", "container-pause", "container-remove", "network-disconnect"} {
		c := site.killedWithoutWatchdog(t, action)
		code, out, errs := heals(t)
		if want := "undid " + action + ` "web-1", which run "` + c.Run + `" left in effect`; code != exitPass || !strings.Contains(out, want) {
			t.Errorf("%s: heal = %d, %q, want %q; stderr:\n%s", action, code, out, want, errs)
		}
		site.wantSame(t, before)
	}

	site.killedWithoutWatchdog(t, "container-pause")
	code, out, _ := heals(t, "--json")
	var h healing
	if err := json.Unmarshal([]byte(out), &h); err != nil || code != exitPass || len(h.Undone) != 1 || len(h.Remaining) != 0 {
		t.Errorf("heal --json = %d, %+v, %v:\n%s", code, h, err, out)
	}
	site.wantSame(t, before)

	// a run that hangs: with --all alone, and only past the deadline
	st, p := site.stopAt(t, "container-kill", harness.AfterIntent)
	if code, out, _ := heals(t, "--all"); code != exitPass || out != "nothing to heal\n" {
		t.Errorf("of a living run before its deadline: %d, %q; want nothing done", code, out)
	}
	st.goOn(p)
}

func TestHealLeavesFaultsOfOtherEnginesAndUnknownOperations(t *testing.T) {
	dockertest.Require(t)
	dir := filepath.Join(t.TempDir(), "fournines")
	t.Setenv("XDG_STATE_HOME", filepath.Dir(dir))
	there := journal.Begin{RunID: "there", Stack: stackDocker, Engine: "another", Address: "unix:///another.sock"}
	if err := leave(dir, there, killed("catalog-2", "0123456789ab")); err != nil {
		t.Fatal(err)
	}
	code, out, errs := heals(t)
	if want := "DOCKER_HOST=unix:///another.sock fournines heal"; code != exitNotRemoved || !strings.Contains(out, want) || !strings.Contains(errs, "1 fault of dead runs") {
		t.Errorf("heal = %d, want %d and %q:\n%s%s", code, exitNotRemoved, want, out, errs)
	}
	lines := &said{}
	if err := healLeft(t.Context(), lines); err != nil || len(lines.lines) != 1 || !strings.HasPrefix(lines.lines[0], "warning: ") {
		t.Errorf("the start of a run: %v, %q; want a warning", err, lines.lines)
	}

	engine, err := docker.Identify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(dockerRun(t, "create", "--label", "fournines-test=heal", emptyImage(t), "/none"))
	t.Cleanup(func() { dockerRun(t, "rm", "--force", id) })
	odd := killed("web-1", id)
	odd.Undo.Steps[0].Op = "reverse"
	if err := leave(dir, journal.Begin{RunID: "odd", Stack: stackDocker, Engine: engine.ID, Address: engine.Address}, odd); err != nil {
		t.Fatal(err)
	}
	err = healLeft(t.Context(), &said{})
	if exitCode(err) != exitNotRemoved || !strings.Contains(err.Error(), "undo it by hand: docker start "+id) {
		t.Errorf("the start of a run: %v, want exit code %d and the command", err, exitNotRemoved)
	}
	if _, err := os.Stat(filepath.Join(dir, "odd"+journal.Suffix)); err != nil {
		t.Errorf("the journal of a fault that remains is gone: %v", err)
	}
}

func TestNothingIsStartedWithoutAJournal(t *testing.T) {
	dockertest.Require(t)
	file := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_STATE_HOME", file)
	c := startChild(t, "run", "long-kill.yaml", "--stack", "docker")
	if got := c.wait(); got != exitInvalid {
		t.Errorf("exit code %d, want %d", got, exitInvalid)
	}
	for _, want := range []string{"nothing was started: create journal", "set XDG_STATE_HOME"} {
		if !strings.Contains(c.stderr(), want) {
			t.Errorf("nothing says %q:\n%s", want, c.stderr())
		}
	}
	if strings.Contains(c.stderr(), "start containers") {
		t.Errorf("something was started:\n%s", c.stderr())
	}
}

// dockerRun runs the docker command.
func dockerRun(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(context.WithoutCancel(t.Context()), "docker", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("docker %s: %v: %s", args[0], err, out)
	}
	return string(out)
}

// emptyImage makes an image of nothing.
func emptyImage(t *testing.T) string {
	t.Helper()
	ref := fmt.Sprintf("fournines-test-empty:%d", os.Getpid())
	cmd := exec.CommandContext(t.Context(), "docker", "import", "-", ref)
	cmd.Stdin = strings.NewReader(strings.Repeat("\x00", 1024)) // the end of an archive
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("docker import: %v: %s", err, out)
	}
	t.Cleanup(func() { dockerRun(t, "image", "rm", "--force", ref) })
	return ref
}
