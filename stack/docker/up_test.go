package docker_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
	"github.com/fournines/fournines/stack/stacktest"
)

// TestUpRefuses comes first: it takes the shared stack, which TestConformance ends.
func TestUpRefuses(t *testing.T) {
	t.Run("a run ID that is no name", func(t *testing.T) {
		for _, id := range []string{"", "a b", "../x", strings.Repeat("x", 61)} {
			if _, err := docker.Up(t.Context(), docker.Options{RunID: id}); err == nil || !strings.Contains(err.Error(), "run ID") {
				t.Errorf("Up with run ID %q = %v, want an error about the run ID", id, err)
			}
		}
	})
	t.Run("a run that is up already", func(t *testing.T) {
		st := sharedStack.up(t)
		if _, err := docker.Up(t.Context(), docker.Options{RunID: st.RunID()}); err == nil || !strings.Contains(err.Error(), "is up") {
			t.Errorf("second Up of %q = %v, want an error that says that it is up", st.RunID(), err)
		}
		if _, ok := find(t, st.RunID()); !ok {
			t.Error("the refused Up removed the stack that was up")
		}
	})
}

func TestConformance(t *testing.T) {
	dockertest.Require(t)
	if err := sharedStack.end(); err != nil {
		t.Fatal(err)
	}
	st, err := docker.Up(t.Context(), docker.Options{RunID: runID("conformance"), NoController: true, Progress: logSteps(t)})
	if err != nil {
		t.Fatal(err)
	}
	stacktest.Run(t, st)
	expectNothing(t, st.RunID())
}

// find returns what the engine has of a run.
func find(t *testing.T, runID string) (docker.Found, bool) {
	t.Helper()
	found, err := docker.List(context.Background())
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

// expectNothing checks that the engine has nothing of a run: no container,
// network or volume.
func expectNothing(t *testing.T, runID string) {
	t.Helper()
	if f, ok := find(t, runID); ok {
		t.Errorf("run %q left %+v behind", runID, f)
	}
}

func TestUpThatFailsLeavesNothing(t *testing.T) {
	dockertest.Require(t)

	t.Run("cancelled when the first container is ready", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		id := runID("cancelled")
		st, err := docker.Up(ctx, docker.Options{RunID: id, Choices: few, Progress: func(s stack.Step) {
			if strings.Contains(s.Detail, "is ready") {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) || st != nil {
			t.Errorf("Up = %v, %v, want no stack and context.Canceled", st, err)
		}
		expectNothing(t, id)
	})
	t.Run("cancelled before it begins", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		id := runID("never")
		if _, err := docker.Up(ctx, docker.Options{RunID: id, Choices: few}); !errors.Is(err, context.Canceled) {
			t.Errorf("Up = %v, want context.Canceled", err)
		}
		expectNothing(t, id)
	})
	t.Run("a panic of the caller's Progress", func(t *testing.T) {
		id := runID("panic")
		_, err := docker.Up(t.Context(), docker.Options{RunID: id, Choices: few, Progress: func(s stack.Step) {
			if strings.Contains(s.Detail, "is ready") {
				panic("the display is broken")
			}
		}})
		if err == nil || !strings.Contains(err.Error(), "the display is broken") {
			t.Errorf("Up = %v, want an error with the panic", err)
		}
		expectNothing(t, id)
	})
	t.Run("a program that ends at once: its exit code and last words are in the error", func(t *testing.T) {
		id := runID("broken")
		_, err := docker.UpWith(t.Context(), docker.Options{RunID: id, Choices: few}, "gateway-2", []string{"sh", "-c", "echo no such switch; exit 7"})
		for _, want := range []string{`"gateway-2"`, "exit code 7", "no such switch"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("Up = %v, want an error with %q", err, want)
			}
		}
		expectNothing(t, id)
	})
	t.Run("a program that cannot be started", func(t *testing.T) {
		id := runID("missing")
		_, err := docker.UpWith(t.Context(), docker.Options{RunID: id, Choices: few}, "edge", []string{"/no/such/program"})
		if err == nil || !strings.Contains(err.Error(), "/no/such/program") {
			t.Errorf("Up = %v, want an error that names the program", err)
		}
		expectNothing(t, id)
	})
}

func TestAvailable(t *testing.T) {
	for _, c := range []struct{ rule, host string }{
		{"a socket that does not exist", "unix://" + filepath.Join(t.TempDir(), "no.sock")},
		{"an engine on another machine", "tcp://192.0.2.1:2375"},
	} {
		t.Run(c.rule+" is an error that names it and says what to do", func(t *testing.T) {
			t.Setenv("DOCKER_HOST", c.host)
			err := docker.Available(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.host) || !strings.Contains(err.Error(), "DOCKER_HOST") {
				t.Errorf("Available = %v, want an error that names %q and DOCKER_HOST", err, c.host)
			}
			if _, upErr := docker.Up(t.Context(), docker.Options{RunID: runID("dead")}); upErr == nil || upErr.Error() != err.Error() {
				t.Errorf("Up = %v, want what Available says", upErr)
			}
		})
	}
}
