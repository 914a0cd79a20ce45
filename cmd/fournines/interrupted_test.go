package main

import (
	"io"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/fournines/fournines/reports"
)

// atOnce delivers signals to the child so that it sees all of them before it
// has done anything about the first: they wait while it is stopped. In which
// order they are delivered then is the system's choice.
func (c *child) atOnce(signals ...syscall.Signal) {
	c.t.Helper()
	c.signal(syscall.SIGSTOP)
	for _, s := range signals {
		c.signal(s)
	}
	c.signal(syscall.SIGCONT)
}

func TestASecondSignalSkipsTheReportsAndStillRecovers(t *testing.T) {
	c := startChild(t, "run", "long-kill.yaml", "--stack", "inproc")
	c.await("injected container-kill")
	c.atOnce(syscall.SIGINT, syscall.SIGTERM)
	got := c.wait()
	first, second := "SIGINT", "SIGTERM"
	if got == 143 {
		first, second = second, first
	} else if got != 130 {
		t.Errorf("exit code %d, want that of the first signal; stderr:\n%s", got, c.stderr())
	}
	for _, want := range []string{first + ": stopping", second + ": skipping the reports", "recovered container-kill", "remove the stack"} {
		if !strings.Contains(c.stderr(), want) {
			t.Errorf("nothing says %q:\n%s", want, c.stderr())
		}
	}
	wantNoReports(t, c.runDir())
}

func TestAThirdSignalEndsTheProcessAtOnce(t *testing.T) {
	c := startChild(t, "run", "long-kill.yaml", "--stack", "inproc")
	c.await("injected container-kill")
	c.atOnce(syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM)
	got := c.wait()
	want, ok := map[int]string{129: "SIGHUP", 130: "SIGINT", 143: "SIGTERM"}[got]
	if !ok {
		t.Fatalf("exit code %d, want that of a signal; stderr:\n%s", got, c.stderr())
	}
	if want += ": leaving at once; undo and remove what is left with `fournines heal`"; !strings.Contains(c.stderr(), want) {
		t.Errorf("nothing says %q:\n%s", want, c.stderr())
	}
	wantNoReports(t, c.runDir())
}

func TestAfterAKillTheNextRunIsUnhurt(t *testing.T) {
	killed := startChild(t, "run", "long-kill.yaml", "--stack", "inproc")
	killed.await("injected container-kill")
	killed.signal(syscall.SIGKILL)
	if got := killed.wait(); got != -1 {
		t.Errorf("exit code %d, want none: a signal ended it", got)
	}
	wantNoReports(t, killed.runDir())

	next := startChildIn(t, killed.cmd.Dir, "run", "long-kill.yaml", "--stack", "inproc", "--out", "again")
	next.await("injected container-kill")
	next.signal(syscall.SIGINT)
	if got := next.wait(); got != 130 || !strings.Contains(next.stderr(), "recovered container-kill") {
		t.Errorf("the next run: exit code %d, want 130 and its fault recovered:\n%s", got, next.stderr())
	}
}

// wantNoReports fails the test unless the run directory has evidence that is
// judged invalid, and nothing that looks like the reports of a finished run.
func wantNoReports(t *testing.T, dir *reports.Dir) {
	t.Helper()
	for _, name := range []string{reports.VerdictFile, reports.HTMLFile, reports.MarkdownFile, reports.JUnitFile} {
		if _, err := os.Stat(dir.File(name)); err == nil {
			t.Errorf("there is a %s of a run that was cut short", name)
		}
	}
	var out strings.Builder
	code := run(t.Context(), []string{"judge", dir.Path()}, strings.NewReader(""), &out, io.Discard)
	if code != exitInvalid || !strings.Contains(out.String(), "INVALID") {
		t.Errorf("judge = %d, want %d and INVALID:\n%s", code, exitInvalid, out.String())
	}
}
