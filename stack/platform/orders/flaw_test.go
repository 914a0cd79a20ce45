package orders

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// place puts 40 orders into s and returns how many it acknowledged and how many
// it has.
func place(t *testing.T, s Store) (acknowledged, kept int) {
	t.Helper()
	for i := range 40 {
		if _, _, err := s.Place(t.Context(), Draft{Client: "c", Key: fmt.Sprintf("k-%d", i), Item: 1, Quantity: 1}); err == nil {
			acknowledged++
		}
	}
	return acknowledged, inStore(t, s)
}

func inStore(t *testing.T, s Store) int {
	t.Helper()
	found, err := s.After(t.Context(), "c", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}

func TestEachFlawIsThatAndNothingElse(t *testing.T) {
	if acknowledged, kept := place(t, NewMemory()); acknowledged != 40 || kept != 40 {
		t.Errorf("a store without flaws acknowledges %d and keeps %d of 40", acknowledged, kept)
	}
	if acknowledged, kept := place(t, NewMemory(Forgets)); acknowledged != 40 || kept != 38 {
		t.Errorf("a store that forgets acknowledges %d and keeps %d of 40; want 40 and 38", acknowledged, kept)
	}
	if acknowledged, kept := place(t, NewMemory(KeepsRefused)); acknowledged != 38 || kept != 40 {
		t.Errorf("a store that keeps what it refuses acknowledges %d and keeps %d of 40; want 38 and 40", acknowledged, kept)
	}
	repeats := NewMemory(Repeats)
	place(t, repeats)
	if _, kept := place(t, repeats); kept != 80 {
		t.Errorf("a store that repeats keeps %d of twice 40", kept)
	}
	if found, err := repeats.Keyed(t.Context(), "c", "k-3"); err != nil || len(found) != 2 {
		t.Errorf("%d orders with one key, %v; want 2", len(found), err)
	}
}

func TestWithoutDurabilityWhatWaitsIsLostWithItsReplica(t *testing.T) {
	for name, killed := range map[string]bool{"a replica that is killed": true, "one that is asked to stop": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := NewMemory()
				b := &behind{Store: store, log: slog.New(slog.DiscardHandler)}
				ctx, stop := context.WithCancel(t.Context())
				dead, ended := make(chan struct{}), make(chan struct{})
				go func() { defer close(ended); b.run(ctx, dead) }()
				if acknowledged, kept := place(t, b); acknowledged != 40 || kept != 0 {
					t.Errorf("%d acknowledged and %d kept at once; want 40 and none", acknowledged, kept)
				}
				time.Sleep(behindBy + time.Millisecond)
				synctest.Wait()
				if kept := inStore(t, store); kept != 40 {
					t.Errorf("%d kept after a while, want 40", kept)
				}
				for i := range 3 {
					if _, _, err := b.Place(ctx, Draft{Client: "c", Key: fmt.Sprintf("late-%d", i), Item: 1, Quantity: 1}); err != nil {
						t.Fatal(err)
					}
				}
				if killed {
					close(dead)
				}
				stop()
				<-ended
				if kept := inStore(t, store); (kept == 40) != killed {
					t.Errorf("%d kept in the end, killed: %v", kept, killed)
				}
			})
		})
	}
}

// flaky is a store that fails once.
type flaky struct {
	*Memory
	failed bool
}

func (f *flaky) Place(ctx context.Context, d Draft) ([]byte, bool, error) {
	if !f.failed {
		f.failed = true
		return nil, false, context.DeadlineExceeded
	}
	return f.Memory.Place(ctx, d)
}

func TestWithoutDurabilityAnOrderThatCannotBeKeptIsTriedAgain(t *testing.T) {
	store := &flaky{Memory: NewMemory()}
	b := &behind{Store: store, log: slog.New(slog.DiscardHandler)}
	place(t, b)
	b.keep(t.Context())
	if kept := inStore(t, store); kept != 0 {
		t.Fatalf("%d kept by a store that fails at first, want none", kept)
	}
	b.keep(t.Context())
	if kept := inStore(t, store); kept != 40 {
		t.Errorf("%d kept at the second attempt, want 40", kept)
	}
}
