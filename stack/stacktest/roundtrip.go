package stacktest

import (
	"context"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

// enough is how many requests must end in a state before the test moves on.
const enough = 50

// killAndStart is the round trip running, exited, running.
func killAndStart(t *testing.T, st stack.Stack, r stack.Replica) {
	endAndStart(t, st, r, "KILL")
}

// terminateAndStart is killAndStart with a program that may end in its own
// time.
func terminateAndStart(t *testing.T, st stack.Stack, r stack.Replica) {
	endAndStart(t, st, r, "TERM")
}

func endAndStart(t *testing.T, st stack.Stack, r stack.Replica, signal string) {
	awaitReady(t, st)
	ev := watchEvents(t, st)
	tr := startTraffic(t, st)
	tr.more(t, enough)

	at := time.Now()
	twice(t, "Kill "+signal, func(ctx context.Context) error { return r.Kill(ctx, signal) })
	eventually(t, "status exited after "+signal, hasStatus(r, "exited"))
	eventually(t, "not ready after "+signal, notReady(r))
	eventually(t, "event died after "+signal, ev.has(r.Name(), "died", at))
	tr.more(t, enough)

	at = time.Now()
	twice(t, "Start", r.Start)
	eventually(t, "status running after Start", hasStatus(r, "running"))
	eventually(t, "ready after Start", r.Ready)
	eventually(t, "event started after Start", ev.has(r.Name(), "started", at))
	tr.more(t, enough)
	tr.stop(t)
}

// pauseAndUnpause is the round trip running, paused, running.
func pauseAndUnpause(t *testing.T, st stack.Stack, r stack.Replica) {
	awaitReady(t, st)
	ev := watchEvents(t, st)
	tr := startTraffic(t, st)
	tr.more(t, enough)

	at := time.Now()
	twice(t, "Pause", r.Pause)
	eventually(t, "status paused after Pause", hasStatus(r, "paused"))
	eventually(t, "event paused after Pause", ev.has(r.Name(), "paused", at))
	if err := readyWithin(t, r, 500*time.Millisecond); err == nil {
		t.Errorf("replica %q says it is ready while it is paused", r.Name())
	}
	tr.more(t, enough)

	at = time.Now()
	twice(t, "Unpause", r.Unpause)
	eventually(t, "status running after Unpause", hasStatus(r, "running"))
	eventually(t, "ready after Unpause", r.Ready)
	eventually(t, "event unpaused after Unpause", ev.has(r.Name(), "unpaused", at))
	tr.more(t, enough)
	tr.stop(t)
}

// twice calls a change two times: every change is idempotent.
func twice(t *testing.T, what string, change func(context.Context) error) {
	t.Helper()
	for _, which := range []string{"the first time", "the second time"} {
		if err := change(stepContext(t)); err != nil {
			t.Fatalf("%s %s: %v", what, which, err)
		}
	}
}

// readyWithin asks once for readiness and waits no longer than limit.
func readyWithin(t *testing.T, r stack.Replica, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return r.Ready(ctx)
}
