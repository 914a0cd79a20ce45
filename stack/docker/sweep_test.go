package docker_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// startChild starts a process that brings up a run, and returns when its
// output has a line that contains the text.
func startChild(t *testing.T, id, until string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+id)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
	})
	var said strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), until) {
			go io.Copy(io.Discard, out) // until the process ends
			return cmd
		}
	}
	t.Fatalf("the child ended before it said %q:\n%s", until, said.String())
	return nil
}

func TestSweepRemovesWhatAKilledProcessLeft(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	for _, c := range []struct{ rule, until string }{
		{"with its stack up", upLine},
		{"in the middle of bringing it up", "is ready"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			id := runID("killed")
			cmd := startChild(t, id, c.until)
			if f, ok := find(t, id); !ok || !f.Alive || len(f.Replicas) == 0 {
				t.Errorf("while the process lives, List says %+v, want a run that is alive and has containers", f)
			}
			if swept, err := docker.Sweep(t.Context(), nil); err != nil || strings.Contains(swept.String(), id) {
				t.Errorf("Sweep = %q, %v while the process lives, want that it leaves the run alone", swept, err)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // killed
			if f, ok := find(t, id); !ok || f.Alive {
				t.Errorf("after kill -9, List says %+v, want a run that is not alive", f)
			}
			var steps []string
			swept, err := docker.Sweep(t.Context(), func(s stack.Step) { steps = append(steps, s.Name) })
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(swept.String(), id) || !strings.Contains(strings.Join(steps, "\n"), id) {
				t.Errorf("Sweep says %q and reports %q, want both to name %q", swept, steps, id)
			}
			expectNothing(t, id)
			if swept, err := docker.Sweep(t.Context(), nil); err != nil || strings.Contains(swept.String(), id) {
				t.Errorf("a second Sweep = %q, %v, want that there is nothing to remove", swept, err)
			}
		})
	}
}

func TestKeptStackOutlivesItsProcess(t *testing.T) {
	dockertest.Require(t)
	id := runID("kept")
	st, err := docker.Up(t.Context(), docker.Options{RunID: id, Keep: true, NoController: true, Choices: few})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Down(context.Background()) })
	trust(t, st)

	if swept, err := docker.Sweep(t.Context(), nil); err != nil || strings.Contains(swept.String(), id) {
		t.Errorf("Sweep = %q, %v, want that it leaves the kept stack alone", swept, err)
	}
	f, ok := find(t, id)
	if !ok || !f.Kept || f.Alive || f.Started.IsZero() || len(f.Replicas) != replicasOf(st) {
		t.Fatalf("List says %+v, want a kept run without a process and with as many replicas as the stack has", f)
	}
	for i, r := range f.Replicas {
		if want := st.Components()[0].Replicas[0].Name(); i == 0 && r.Name != want || r.Status != "running" {
			t.Errorf("replica %d is %+v, want running replicas in the order of the reference, %q first", i, r, want)
		}
	}
	for _, endpoint := range []string{stack.Edge, stack.EdgeStats, stack.Prometheus, stack.Registry, "catalog-3"} {
		if want, _ := st.URL(endpoint); f.URLs[endpoint] != want {
			t.Errorf("List says that %q is at %q, the stack says %q", endpoint, f.URLs[endpoint], want)
		}
	}
	if err := st.Read(t.Context(), "/api/catalog/items/1"); err != nil {
		t.Errorf("the kept stack: %v", err)
	}
	attachToKept(t, id, st)
	if err := docker.Remove(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	expectNothing(t, id)
	if err := docker.Remove(t.Context(), id); err == nil || !strings.Contains(err.Error(), id) {
		t.Errorf("Remove of a run that is gone = %v, want an error that names it", err)
	}
}

func replicasOf(st stack.Stack) (n int) {
	for _, c := range st.Components() {
		n += len(c.Replicas)
	}
	return n
}
