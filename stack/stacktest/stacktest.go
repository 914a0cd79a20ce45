// Package stacktest is the conformance test of stack.Stack: what every backend
// must do, whatever it is made of.
package stacktest

import (
	"context"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

// patience is how long one step of the test may take before it is a failure.
const patience = 60 * time.Second

// Run checks that st, which is up, behaves as package stack says. It kills,
// starts, pauses and unpauses one replica of every component that has three,
// with traffic through the edge all the while, and ends by taking st down.
// The whole stack is Run's for as long as it lasts; st is down afterwards,
// whatever happened.
func Run(t *testing.T, st stack.Stack) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := st.Down(ctx); err != nil {
			t.Errorf("take the stack down: %v", err)
		}
	})
	t.Run("the topology is the reference's", func(t *testing.T) { checkTopology(t, st) })
	t.Run("every replica becomes ready", func(t *testing.T) { awaitReady(t, st) })
	t.Run("every endpoint has a loopback address", func(t *testing.T) { checkURLs(t, st) })
	t.Run("the edge serves the catalogue", func(t *testing.T) { checkCatalogue(t, st) })
	if centre, ok := st.(stack.ConfigCentre); ok {
		t.Run("the gateways' configuration changes under traffic at no cost", func(t *testing.T) { checkConfig(t, st, centre) })
	}
	if logs, ok := st.(stack.Logs); ok {
		t.Run("the log lines of a replica can be followed over its restarts", func(t *testing.T) { checkLogs(t, st, logs) })
	}
	for _, c := range st.Components() {
		if len(c.Replicas) < 3 {
			continue
		}
		r := c.Replicas[1]
		t.Run(r.Name()+" can be killed and started while the edge answers", func(t *testing.T) { killAndStart(t, st, r) })
		t.Run(r.Name()+" can be paused and unpaused while the edge answers", func(t *testing.T) { pauseAndUnpause(t, st, r) })
		t.Run(r.Name()+" can be asked to stop while the edge answers", func(t *testing.T) { terminateAndStart(t, st, r) })
	}
	t.Run("after Down nothing answers and Down can be repeated", func(t *testing.T) { checkDown(t, st) })
}

// stepContext bounds one step of the test.
func stepContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	return ctx
}

// eventually fails the test unless check returns nil within patience.
func eventually(t *testing.T, what string, check func(ctx context.Context) error) {
	t.Helper()
	ctx := stepContext(t)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := check(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s: want it within %v, last seen: %v", what, patience, err)
		case <-tick.C:
		}
	}
}
