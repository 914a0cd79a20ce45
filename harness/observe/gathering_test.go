package observe

import (
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// gathering collects the signals of several observers and lets a test wait for
// one of them.
type gathering struct {
	mu  sync.Mutex
	all []harness.Signal
	// more is closed and replaced when a signal comes.
	more chan struct{}
}

func newGathering() *gathering { return &gathering{more: make(chan struct{})} }

func (g *gathering) add(s harness.Signal) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.all = append(g.all, s)
	close(g.more)
	g.more = make(chan struct{})
}

// await returns when the first matching signal is dated.
func (g *gathering) await(t *testing.T, source, subject string, kind harness.Kind) time.Time {
	t.Helper()
	s, seen := g.within(patience, source, subject, kind)
	if !seen {
		t.Fatalf("no %s of %s from %s within %v; saw %+v", kind, subject, source, patience, g.all)
	}
	if s.Resolution <= 0 {
		t.Errorf("signal %+v has no resolution", s)
	}
	return s.Time
}

// within returns the first matching signal, and whether there was one in time.
func (g *gathering) within(limit time.Duration, source, subject string, kind harness.Kind) (harness.Signal, bool) {
	timeout := time.After(limit)
	for {
		g.mu.Lock()
		all, more := g.all, g.more
		g.mu.Unlock()
		for _, s := range all {
			if s.Source == source && s.Subject == subject && s.Kind == kind {
				return s, true
			}
		}
		select {
		case <-more:
		case <-timeout:
			return harness.Signal{}, false
		}
	}
}
