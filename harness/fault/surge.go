package fault

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/loopback"
)

// The faults of load are clients beside those of the scenario. They live in
// this process and end with it; what they send is not counted with the
// scenario's requests.

const (
	surgeMethod = "goroutines of this process send to the edge, on loopback only; nothing of the stack is touched"
	surgeUndone = "the clients have stopped and none of their connections is open; they end with this process, and by themselves when their time is over"
)

// surge describes clients that are a fault.
type surge struct {
	action string
	// run sends until ctx is done, and returns once every connection is closed.
	run func(ctx context.Context, edge string, c *counts) error
	// proved reports from what was sent and answered in the time since the
	// start whether the fault is in effect.
	proved func(c *counts, since time.Duration) bool
}

// counts are what the clients of a surge did so far. It counts as answered what
// the edge itself said or kept waiting for.
type counts struct{ sent, answered, open atomic.Int64 }

func (c *counts) String() string {
	return fmt.Sprintf("%d sent, %d answered by the edge, %d connections open", c.sent.Load(), c.answered.Load(), c.open.Load())
}

// bind makes the fault.
func (s surge) bind(b Binding) (harness.Fault, error) {
	if len(b.Targets) > 0 {
		return nil, fmt.Errorf("%s: want no target, saw %q: it sends to the edge", s.action, b.Targets[0].Name())
	}
	if b.Edge == nil {
		return nil, fmt.Errorf("%s: the stack has no edge to send requests to", s.action)
	}
	return surgeFault{s, b}, nil
}

type surgeFault struct {
	surge
	binding Binding
}

func (f surgeFault) String() string { return f.action }

// edge is where to send, on this machine.
func (f surgeFault) edge() (string, error) {
	url, ok := f.binding.Edge()
	if !ok {
		return "", fmt.Errorf("%s: the stack has no edge to send requests to", f.action)
	}
	return url, loopback.Guard{}.Check(url)
}

// Prepare implements harness.Fault.
func (f surgeFault) Prepare(context.Context) (harness.UndoRecipe, error) {
	_, err := f.edge()
	return harness.UndoRecipe{Summary: "nothing: the clients end with the process that has them"}, err
}

// Inject implements harness.Fault.
func (f surgeFault) Inject(ctx context.Context) (harness.Injection, error) {
	edge, err := f.edge()
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	running, stop := context.WithTimeout(context.WithoutCancel(ctx), f.binding.Lasts+leaseSlack)
	in := &surgeInjection{surge: f.surge, began: time.Now(), stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(in.ended)
		in.err = f.run(running, edge, &in.counts)
	}()
	return in, nil
}

// surgeInjection are the clients at work.
type surgeInjection struct {
	surge
	counts counts
	began  time.Time
	stop   context.CancelFunc
	ended  chan struct{}
	err    error // once ended
}

// Await implements harness.Injection.
func (in *surgeInjection) Await(ctx context.Context) error {
	err := poll(ctx, effectEvery, func() (bool, string) {
		select {
		case <-in.ended:
			return false, fmt.Sprintf("the clients have ended: %v", in.err)
		default:
		}
		return ctx.Err() == nil && in.proved(&in.counts, time.Since(in.began)), in.counts.String()
	})
	if err != nil {
		return fmt.Errorf("await %s: %w", in.action, err)
	}
	return nil
}

// Recover implements harness.Injection.
func (in *surgeInjection) Recover(ctx context.Context) error {
	in.stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("recover %s: want all clients gone, saw %s: %w", in.action, &in.counts, context.Cause(ctx))
	case <-in.ended:
	}
	if open := in.counts.open.Load(); open != 0 {
		return fmt.Errorf("recover %s: want no connection open, saw %d", in.action, open)
	}
	if in.err != nil && !errors.Is(in.err, context.Canceled) && !errors.Is(in.err, context.DeadlineExceeded) {
		return fmt.Errorf("recover %s: the clients could not work: %w", in.action, in.err)
	}
	return nil
}

// stream runs requests of the scenario at a rate of their own.
func stream(b Binding, rate float64, fresh bool) func(context.Context, string, *counts) error {
	return func(ctx context.Context, _ string, c *counts) error {
		if b.Load == nil {
			return errors.New("the stack has no load of which there could be more")
		}
		l, err := b.Load(rate, fresh)
		if err != nil {
			return err
		}
		return l.Run(ctx, func(e harness.Event) {
			c.sent.Add(1)
			if e.Status != 0 {
				c.answered.Add(1)
			}
		})
	}
}

// halfOf reports whether at least half of what a rate asks for was sent, for
// some time at least, and the edge has answered.
func halfOf(rate float64) func(*counts, time.Duration) bool {
	const least = 250 * time.Millisecond
	return func(c *counts, since time.Duration) bool {
		return since >= least && c.answered.Load() > 0 && float64(c.sent.Load()) >= rate*since.Seconds()/2
	}
}

// mostRate bounds what the clients of a fault send in a second.
const mostRate = 5000
