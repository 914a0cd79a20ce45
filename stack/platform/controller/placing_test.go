package controller

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// hands counts what it does at the same time.
type hands struct {
	mu         sync.Mutex
	now, most  map[Verb]int
	everything int
}

func (h *hands) Do(_ context.Context, a Action) error {
	h.add(a.Verb, 1)
	<-time.After(time.Second)
	h.add(a.Verb, -1)
	return nil
}

func (h *hands) add(v Verb, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now[v] += n
	h.most[v] = max(h.most[v], h.now[v])
	h.everything += max(n, 0)
}

func TestReplicasArePlacedAFewAtATimeAndHealedAtOnce(t *testing.T) {
	for placing, took := range map[int]time.Duration{1: 4 * time.Second, 2: 2 * time.Second, 9: time.Second} {
		synctest.Test(t, func(t *testing.T) {
			h := &hands{now: map[Verb]int{}, most: map[Verb]int{}}
			k := New(Config{Hands: h, Placing: placing, Timing: Defaults(), Log: slog.New(slog.DiscardHandler)})
			began := time.Now()
			var all sync.WaitGroup
			for range 4 {
				for _, v := range []Verb{Place, Restart} {
					all.Go(func() { _ = k.do(t.Context(), Action{Verb: v}) })
				}
			}
			all.Wait()
			if h.most[Place] != min(placing, 4) || h.most[Restart] != 4 || h.everything != 8 || time.Since(began) != took {
				t.Errorf("placing %d: %d places and %d restarts at once, %d in all, %v; want %d, 4, 8 and %v",
					placing, h.most[Place], h.most[Restart], h.everything, time.Since(began), min(placing, 4), took)
			}
		})
	}
}
