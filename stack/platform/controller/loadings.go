package controller

import (
	"context"
	"sync"
	"time"
)

// staleAfter is how many times Timing.ScaleEvery a load is believed in.
const staleAfter = 3

// loadings ask how busy components are, each independently of the others, so
// that a slow answer delays nothing else. The zero value asks nobody; all
// methods may be called concurrently.
type loadings struct {
	meter Meter
	every time.Duration

	mu    sync.Mutex
	known map[string]*loading
	all   sync.WaitGroup
}

// loading is one component that is being asked.
type loading struct {
	asking   bool
	asked    time.Time
	answered time.Time
	last     Load
}

// take returns what is known of a component's replicas, nil when that is
// nothing or too old, and asks again when it is time to. problem is told why
// nobody can say.
func (l *loadings) take(ctx context.Context, w Want, replicas []Replica, problem func(error)) Load {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[string]*loading{}
	}
	one := l.known[w.Component]
	if one == nil {
		one = &loading{}
		l.known[w.Component] = one
	}
	now := time.Now()
	if !one.asking && now.Sub(one.asked) >= l.every {
		one.asking, one.asked = true, now
		l.all.Go(func() { l.ask(ctx, one, w, replicas, problem) })
	}
	if now.Sub(one.answered) > staleAfter*l.every {
		return nil
	}
	return one.last
}

// ask asks once.
func (l *loadings) ask(ctx context.Context, one *loading, w Want, replicas []Replica, problem func(error)) {
	ctx, cancel := context.WithTimeout(ctx, staleAfter*l.every)
	defer cancel()
	load, err := l.meter.Loads(ctx, w.Component, w.Scale.Metric, replicas)
	l.mu.Lock()
	defer l.mu.Unlock()
	one.asking = false
	if err != nil {
		if ctx.Err() == nil {
			problem(err)
		}
		return
	}
	one.last, one.answered = load, time.Now()
}

// stop waits until nobody is asked any more; their context has to be done.
func (l *loadings) stop() { l.all.Wait() }
