package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/fournines/fournines/reports"
)

// child is a fournines process of its own.
type child struct {
	t       *testing.T
	cmd     *exec.Cmd
	out     bytes.Buffer
	waiting sync.WaitGroup

	mu      sync.Mutex
	errs    strings.Builder
	changed chan struct{}
}

// longKill is a scenario that a busy machine can serve and that is under its
// fault until somebody ends it.
const longKill = `apiVersion: fournines/v1
kind: Scenario
metadata: {name: long-kill}
hypothesis: killing a catalog replica costs nothing
load: {rate: 20/s, mix: browse}
steady: {for: 1s, warmup: 4s}
disruption: {for: 50m}
recovery: {for: 5s}
faults:
  - {action: container-kill, target: {component: catalog, mode: one}, at: 0s}
slo: {availability: 99.9%}
limits: {failed: 50%}
`

// startChild runs this test binary as the command fournines, with a bound on
// its life, in a folder of its own that holds long-kill.yaml.
func startChild(t *testing.T, args ...string) *child {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "long-kill.yaml"), []byte(longKill), 0o644); err != nil {
		t.Fatal(err)
	}
	return startChildIn(t, dir, args...)
}

// startChildIn is startChild in a given folder.
func startChildIn(t *testing.T, dir string, args ...string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// testscript.Main decides by the name under which it is called.
	bin := filepath.Join(t.TempDir(), "fournines")
	if err := os.Symlink(self, bin); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	c := &child{t: t, cmd: exec.CommandContext(ctx, bin, args...), changed: make(chan struct{}, 1)}
	c.cmd.Dir = dir
	c.cmd.Stdout = &c.out
	stderr, err := c.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c.waiting.Go(func() { c.read(stderr) })
	return c
}

func (c *child) read(stderr io.Reader) {
	defer close(c.changed)
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		c.mu.Lock()
		c.errs.WriteString(lines.Text() + "\n")
		c.mu.Unlock()
		select {
		case c.changed <- struct{}{}:
		default:
		}
	}
}

func (c *child) stderr() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.errs.String()
}

// await waits until the child has said text on stderr.
func (c *child) await(text string) {
	c.t.Helper()
	if !c.says(text) {
		c.t.Fatalf("the child ended without saying %q:\n%s", text, c.stderr())
	}
}

// says waits until the child has said text, or has ended without it.
func (c *child) says(text string) bool {
	for !strings.Contains(c.stderr(), text) {
		if _, open := <-c.changed; !open {
			return strings.Contains(c.stderr(), text)
		}
	}
	return true
}

func (c *child) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

// wait returns the child's exit code.
func (c *child) wait() int {
	c.t.Helper()
	c.waiting.Wait()
	err := c.cmd.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return 0
}

// runDir opens the only run directory that the child made.
func (c *child) runDir() *reports.Dir {
	c.t.Helper()
	found, err := filepath.Glob(filepath.Join(c.cmd.Dir, "reports", "runs", "*"))
	if err != nil || len(found) != 1 {
		c.t.Fatalf("found run directories %q, %v; want one; stderr:\n%s", found, err, c.stderr())
	}
	dir, err := reports.OpenDir(found[0])
	if err != nil {
		c.t.Fatal(err)
	}
	return dir
}
