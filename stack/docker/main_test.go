package docker_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// childVariable makes this test binary a process that brings up the run that
// it names, says so, and then waits to be killed.
const childVariable = "FOURNINES_TEST_CHILD"

func TestMain(m *testing.M) {
	if runID := os.Getenv(childVariable); runID != "" {
		os.Exit(child(runID))
	}
	code := m.Run()
	if err := sharedStack.end(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	http.DefaultClient.CloseIdleConnections()
	if err := goleak.Find(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// few is a platform for tests that are about bringing it up and removing it: the
// fewer its containers the sooner.
var few = stack.Choices{Components: []string{"edge", stack.Prometheus}}

// child brings up a stack and waits for the end.
func child(runID string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	st, err := docker.Up(ctx, docker.Options{RunID: runID, Choices: few, Progress: func(s stack.Step) {
		fmt.Printf("%s %s %v\n", s.Name, s.Detail, s.Err)
	}})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(upLine)
	<-ctx.Done()
	if err := st.Down(ctx); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

const upLine = "the stack is up"

// sharedStack is one stack for all tests that leave it as they found it.
var sharedStack shared

type shared struct {
	trust sync.Once
	st    *docker.Stack
	err   error
}

// up returns the shared stack, which is brought up for the first test that
// wants it. Tests that use it do not run at the same time.
func (s *shared) up(t *testing.T) *docker.Stack {
	t.Helper()
	dockertest.Require(t)
	if s.st == nil && s.err == nil {
		s.st, s.err = docker.Up(context.Background(), docker.Options{RunID: runID("shared"), NoController: true, Progress: logSteps(t)})
	}
	if s.err != nil {
		t.Fatalf("bring up the shared stack: %v", s.err)
	}
	s.trust.Do(func() { trust(t, s.st) })
	return s.st
}

// end takes it down: two whole platforms at once are more than a small machine
// bears. Whoever wants it after that gets another one.
func (s *shared) end() error {
	if s.st == nil {
		return nil
	}
	st := s.st
	s.st, s.trust = nil, sync.Once{}
	return st.Down(context.Background())
}

// runID is a name that no other process uses.
func runID(what string) string { return fmt.Sprintf("test-%s-%d", what, os.Getpid()) }

// logSteps writes ended steps into the test's log.
func logSteps(t testing.TB) stack.Progress {
	return func(s stack.Step) {
		if s.Ended {
			t.Logf("%s: %s %v (%v)", s.Name, s.Detail, s.Err, s.Took.Round(time.Millisecond))
		}
	}
}

// eventually repeats check until it returns nil, or the test fails.
func eventually(t *testing.T, what string, check func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := check(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: %v", what, err)
		case <-ticker.C:
		}
	}
}
