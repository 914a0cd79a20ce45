package main

import (
	"strings"
	"syscall"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

func TestASignalEndsARunWithAVerdict(t *testing.T) {
	for _, tt := range []struct {
		name   string
		signal syscall.Signal
		code   int
	}{
		{"SIGINT is 130", syscall.SIGINT, 130},
		{"SIGTERM is 143", syscall.SIGTERM, 143},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := startChild(t, "run", "long-kill.yaml", "--stack", "inproc")
			c.await("long-kill: disruption")
			c.await("injected container-kill")
			c.signal(tt.signal)
			if got := c.wait(); got != tt.code {
				t.Errorf("exit code %d, want %d; stderr:\n%s", got, tt.code, c.stderr())
			}
			if !strings.Contains(c.stderr(), "recovered container-kill") {
				t.Errorf("nothing says that the fault was recovered:\n%s", c.stderr())
			}
			wantInterrupted(t, c.runDir())
			if !strings.Contains(c.out.String(), "INVALID") {
				t.Errorf("the result does not say INVALID:\n%s", c.out.String())
			}
		})
	}
}

func TestASignalBeforeTheFaultInjectsNothing(t *testing.T) {
	c := startChild(t, "run", "long-kill.yaml", "--stack", "inproc")
	c.await("long-kill: steady")
	c.signal(syscall.SIGINT)
	if got := c.wait(); got != 130 {
		t.Errorf("exit code %d, want 130; stderr:\n%s", got, c.stderr())
	}
	if strings.Contains(c.stderr(), "injected") {
		t.Errorf("a fault was injected after the signal:\n%s", c.stderr())
	}
	wantInterrupted(t, c.runDir())
}

func TestAKilledRunIsJudgedInvalid(t *testing.T) {
	c := startChild(t, "run", "long-kill.yaml", "--stack", "inproc", "--trials", "2")
	c.await("injected container-kill")
	c.signal(syscall.SIGKILL)
	c.wait()
	dir := c.runDir()
	var out, errs strings.Builder
	code := run(t.Context(), []string{"judge", dir.Path()}, strings.NewReader(""), &out, &errs)
	if code != exitInvalid || !strings.Contains(out.String(), "INVALID") {
		t.Errorf("judge of a killed run = %d, want %d and INVALID:\n%s%s", code, exitInvalid, out.String(), errs.String())
	}
}

// wantInterrupted fails the test unless the run's saved verdict is invalid
// because it was interrupted.
func wantInterrupted(t *testing.T, dir *reports.Dir) {
	t.Helper()
	verdicts, err := dir.Verdicts()
	if err != nil || len(verdicts) != 1 {
		t.Fatalf("%s holds %d verdicts, %v; want one", dir.Path(), len(verdicts), err)
	}
	if verdicts[0].Outcome != harness.Invalid {
		t.Errorf("outcome %s, want invalid", verdicts[0].Outcome)
	}
	for _, f := range verdicts[0].Findings {
		if f.Code == harness.InterruptedRun {
			return
		}
	}
	t.Errorf("no finding is %s: %+v", harness.InterruptedRun, verdicts[0].Findings)
}
