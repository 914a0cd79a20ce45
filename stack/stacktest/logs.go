package stacktest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

// checkLogs ends a catalog twice and starts it again, and demands the lines that
// each life begins with, once each, with who wrote them and when. One who comes
// later and asks for the same time gets the same lines.
func checkLogs(t *testing.T, st stack.Stack, logs stack.Logs) {
	const name = "catalog-2"
	r, ok := stack.Find(st, name)
	if !ok {
		t.Fatalf("the stack has no %s", name)
	}
	awaitReady(t, st)
	from := time.Now()
	early := followLogs(t, logs, from)
	for life := 1; life <= 2; life++ {
		twice(t, "Kill", func(ctx context.Context) error { return r.Kill(ctx, "KILL") })
		eventually(t, "status exited", hasStatus(r, "exited"))
		twice(t, "Start", r.Start)
		eventually(t, "ready", r.Ready)
		eventually(t, fmt.Sprintf("the lines of life %d", life), early.served(name, life))
	}
	late := followLogs(t, logs, from)
	eventually(t, "the lines of both lives for one who comes later", late.served(name, 2))
	for _, l := range early.lines() {
		if l.Time.Before(from.Add(-clockSlack)) || l.Time.After(time.Now().Add(clockSlack)) {
			t.Errorf("a line of %q has the time %v, want one since %v", l.Replica, l.Time, from)
		}
		if l.Replica == name && l.Component != "catalog" || l.Size < len(l.Text) {
			t.Errorf("line of %q: component %q, size %d of %d bytes", l.Replica, l.Component, l.Size, len(l.Text))
		}
	}
}

// followed collects lines.
type followed struct {
	mu  sync.Mutex
	all []stack.LogLine
}

// followLogs collects until the test ends, and checks that FollowLogs then
// returns nil.
func followLogs(t *testing.T, logs stack.Logs, from time.Time) *followed {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f := new(followed)
	ended := make(chan error, 1)
	go func() {
		ended <- logs.FollowLogs(ctx, from, func(l stack.LogLine) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.all = append(f.all, l)
		})
	}()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("FollowLogs returned %v after its context was done, want nil", err)
			}
		case <-time.After(patience):
			t.Errorf("FollowLogs did not return within %v after its context was done", patience)
		}
	})
	return f
}

func (f *followed) lines() []stack.LogLine {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.all)
}

// served is a check for eventually: a replica has said so many times that it
// serves, no more and no less.
func (f *followed) served(replica string, times int) func(context.Context) error {
	return func(context.Context) error {
		saw := 0
		for _, l := range f.lines() {
			var line struct{ Msg, Replica string }
			if l.Replica == replica && json.Unmarshal(l.Text, &line) == nil && line.Msg == "serving" && line.Replica == replica {
				saw++
			}
		}
		if saw != times {
			return fmt.Errorf("want %d lines of %s that say %q, saw %d", times, replica, "serving", saw)
		}
		return nil
	}
}
