package fault

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// A step of a random life of an injection.
var steps = map[string]func(ctx context.Context, l *life){
	"await": func(ctx context.Context, l *life) { l.bounded(ctx, 500*time.Millisecond, l.in.Await) },
	"await, cancelled": func(ctx context.Context, l *life) {
		l.bounded(ctx, 0, l.in.Await)
	},
	"recover":             func(ctx context.Context, l *life) { l.bounded(ctx, 30*time.Second, l.in.Recover) },
	"recover, cut short":  func(ctx context.Context, l *life) { l.bounded(ctx, 25*time.Millisecond, l.in.Recover) },
	"recover, cancelled":  func(ctx context.Context, l *life) { l.bounded(ctx, 0, l.in.Recover) },
	"a moment passes":     func(context.Context, *life) { <-time.After(40 * time.Millisecond) },
	"seconds pass":        func(context.Context, *life) { <-time.After(4 * time.Second) },
	"target dies":         func(_ context.Context, l *life) { l.target.die() },
	"others start target": func(ctx context.Context, l *life) { _ = l.target.Start(ctx) },
	"others unpause it":   func(ctx context.Context, l *life) { _ = l.target.Unpause(ctx) },
}

// life is one injection and its only target.
type life struct {
	in interface {
		Await(context.Context) error
		Recover(context.Context) error
	}
	target *replica
}

func (l *life) bounded(ctx context.Context, d time.Duration, do func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	_ = do(ctx)
}

// live runs the steps after Inject and says how the target did not end as it
// began.
func live(ctx context.Context, action, signal string, dying time.Duration, sequence []string) error {
	target := newReplica("catalog-1")
	target.dyingFor = dying
	params := map[string]string{}
	if action == "container-kill" {
		params["signal"] = signal
	}
	f, err := New(action, Binding{Values: params, Targets: []Target{target}})
	if err != nil {
		return err
	}
	in, err := f.Inject(ctx)
	if err != nil {
		return err
	}
	l := &life{in, target}
	for _, s := range sequence {
		steps[s](ctx, l)
	}
	if status, _ := target.Status(ctx); (action == "container-pause" || action == "network-disconnect") && status == exited {
		// Nobody but the one who ended it knows whether it should run again.
		_ = target.Start(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := in.Recover(ctx); err != nil {
		return fmt.Errorf("last recover: %w", err)
	}
	<-time.After(20 * time.Second)
	if !target.whole() {
		return fmt.Errorf("the target is not whole; calls: %v", target.calls)
	}
	return nil
}

func TestWhateverHappensTheTargetEndsAsItBegan(t *testing.T) {
	names := slices.Sorted(maps.Keys(steps))
	rapid.Check(t, func(rt *rapid.T) {
		action := rapid.SampledFrom([]string{"container-kill", "container-pause", "container-stop", "container-restart", "container-remove", "network-disconnect", "node-stop"}).Draw(rt, "action")
		signal := rapid.SampledFrom([]string{"KILL", "TERM"}).Draw(rt, "signal")
		most := map[string]int{"KILL": 1500, "TERM": 9000}[signal]
		if action != "container-kill" {
			most = 1500 // they end it at once
		}
		dying := time.Duration(rapid.IntRange(0, most).Draw(rt, "dying for ms")) * time.Millisecond
		sequence := rapid.SliceOfN(rapid.SampledFrom(names), 0, 8).Draw(rt, "steps")
		var err error
		synctest.Test(t, func(t *testing.T) { err = live(t.Context(), action, signal, dying, sequence) })
		if err != nil {
			rt.Fatal(err)
		}
	})
}
