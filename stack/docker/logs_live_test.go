package docker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// logLines collects what a stack's replicas write.
type logLines struct {
	mu  sync.Mutex
	all []stack.LogLine
}

func (l *logLines) add(line stack.LogLine) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, line)
}

// said counts the lines of a replica with a message, and returns what else there
// is as an error when it is another number than want.
func (l *logLines) said(replica, message string, want int) func(context.Context) error {
	return func(context.Context) error {
		l.mu.Lock()
		defer l.mu.Unlock()
		saw, all := 0, ""
		for _, line := range l.all {
			var said struct{ Msg string }
			if line.Replica == replica && json.Unmarshal(line.Text, &said) == nil && said.Msg == message {
				saw++
			}
			all += line.Replica + ": " + string(line.Text) + "\n"
		}
		if saw != want {
			return fmt.Errorf("%s said %q %d times, want %d, of these lines:\n%s", replica, message, saw, want, all)
		}
		return nil
	}
}

// any is nil once a replica has written a line that holds text.
func (l *logLines) any(replica, text string) func(context.Context) error {
	return func(context.Context) error {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, line := range l.all {
			if line.Replica == replica && strings.Contains(string(line.Text), text) {
				return nil
			}
		}
		return fmt.Errorf("no line of %s holds %q, of %d lines", replica, text, len(l.all))
	}
}

func TestLogsSurviveRestartsAndContainersMadeAnew(t *testing.T) {
	dockertest.Require(t)
	dockertest.Slow(t) // TestConformance follows logs over a restart too
	st, err := docker.Up(t.Context(), docker.Options{
		RunID: runID("logs"), Choices: stack.Choices{Components: []string{stack.Pager, stack.Controller}}, Progress: logSteps(t),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var lines logLines
	ended := make(chan error, 1)
	from := time.Now()
	go func() { ended <- st.FollowLogs(ctx, from, lines.add) }()
	pager, _ := stack.Find(st, stack.Pager)
	controller, _ := stack.Find(st, stack.Controller)

	if err := pager.Kill(t.Context(), "KILL"); err != nil {
		t.Fatal(err)
	}
	within(t, 60*time.Second, "the pager that is started again says so", lines.said(stack.Pager, "serving", 1))
	within(t, 60*time.Second, "the controller says why", lines.any(stack.Controller, `"pager"`))

	if err := pager.(interface{ Remove(context.Context) error }).Remove(t.Context()); err != nil {
		t.Fatal(err)
	}
	within(t, 60*time.Second, "the pager that is made anew says so", lines.said(stack.Pager, "serving", 2))

	if err := controller.Kill(t.Context(), "KILL"); err != nil {
		t.Fatal(err)
	}
	lines.mu.Lock()
	before := len(lines.all)
	lines.mu.Unlock()
	if err := controller.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	within(t, 60*time.Second, "the controller's next process is followed", func(context.Context) error {
		lines.mu.Lock()
		defer lines.mu.Unlock()
		for _, line := range lines.all[before:] {
			if line.Replica == stack.Controller {
				return nil
			}
		}
		return fmt.Errorf("no line of it among %d", len(lines.all)-before)
	})
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("FollowLogs = %v, want that nothing is missing", err)
	}
	for _, line := range lines.all {
		if line.Time.Before(from) {
			t.Errorf("a line of %s is older than what was asked for: %s", line.Replica, line.Text)
		}
	}
}
