package docker_test

import (
	"context"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

func TestTheExactEndOfAKilledProcessIsReportedBeforeTheEngineDoes(t *testing.T) {
	st := sharedStack.up(t)
	ctx, cancel := context.WithCancel(t.Context())
	events := make(chan stack.Event, 100)
	ended := make(chan error, 1)
	go func() { ended <- st.Events(ctx, func(e stack.Event) { events <- e }) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()

	r, _ := stack.Find(st, "catalog-3")
	before := time.Now()
	if err := r.Kill(t.Context(), "KILL"); err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := r.Start(t.Context()); err != nil {
			t.Error(err)
		}
		eventually(t, "catalog-3 is ready again", r.Ready)
	}()
	seen := map[string]time.Time{}
	patience := time.After(10 * time.Second)
	for seen["exited"].IsZero() || seen["died"].IsZero() {
		select {
		case e := <-events:
			if e.Replica == "catalog-3" {
				seen[e.Kind] = e.Time
			}
		case <-patience:
			t.Fatalf("saw %v, want exited and died", seen)
		}
	}
	if seen["exited"].Before(before) || seen["exited"].After(seen["died"]) {
		t.Errorf("killed %v, exited %v, died %v; want them in this order", before, seen["exited"], seen["died"])
	}
	t.Logf("the engine's report came %v after the fact", seen["died"].Sub(seen["exited"]))
}
