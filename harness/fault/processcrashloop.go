package fault

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
)

// Crasher is a target that can be killed and started again and again.
type Crasher interface {
	Killer
	// Life names the present life of the main process: it is another one after
	// every start.
	Life(ctx context.Context) (string, error)
}

const (
	// mostCrashes bounds a crash loop that nobody ends.
	mostCrashes = 1000
	// crashPause is how long a process is down between two lives.
	crashPause = 200 * time.Millisecond
)

func processCrashLoop() Kind {
	return Kind{
		Action:  "process-crash-loop",
		Summary: "kill a replica's process again and again, and start it in between",
		Explain: "The main process of each target is killed at once and then once in every interval, and started again after each time: a replica that registers, takes requests, and dies. The last life begins when the fault ends.",
		Method:  "the container engine kills and starts the container",
		Class:   ProcessDown,
		Proof:   "the container has exited, or runs a new main process",
		Undone:  "the container is started unless it runs already, and is ready; nothing kills it any more",
		Example: "{action: process-crash-loop, target: {component: catalog, mode: one}, at: 0s, duration: 15s, interval: 3s}",
		Params:  []Param{span("interval", 3*time.Second, time.Second, 10*time.Minute, "the time from one kill to the next")},
		bind: func(b Binding) (harness.Fault, error) {
			crashers, err := able[Crasher]("process-crash-loop", b.Targets)
			if err != nil {
				return nil, err
			}
			return crashLoop{
				change: change[Crasher]{
					action: "process-crash-loop", targets: crashers, effect: exited, lag: killLag,
					verb:    "kill",
					apply:   func(ctx context.Context, t Crasher) error { return t.Kill(ctx, "KILL") },
					undo:    "start",
					restore: func(ctx context.Context, t Crasher, _ data) error { return t.Start(ctx) },
					keep:    keepLife[Crasher],
					happened: func(ctx context.Context, t Crasher, kept data) (bool, error) {
						if status, err := t.Status(ctx); err != nil || status == exited {
							return err == nil, err
						}
						return livesAgain(ctx, t, kept)
					},
				},
				interval: b.Values.Duration("interval"), lasts: b.Lasts,
			}, nil
		},
	}
}

// crashLoop is a change that is made again and again.
type crashLoop struct {
	change[Crasher]
	interval, lasts time.Duration
}

// Inject implements harness.Fault: the first kill is that of the change, the
// others come from a goroutine for each target until Recover.
func (c crashLoop) Inject(ctx context.Context) (harness.Injection, error) {
	in, err := c.change.Inject(ctx)
	if err != nil {
		return nil, err
	}
	patience := c.lasts + leaseSlack
	if c.lasts == 0 {
		patience = mostCrashes * c.interval
	}
	going, stop := context.WithTimeout(context.WithoutCancel(ctx), patience)
	l := &crashing{Injection: in, stop: stop}
	for _, t := range c.targets {
		l.loops.Go(func() { c.loop(going, t) })
	}
	return l, nil
}

// loop starts a target that is down and kills it once in every interval. What
// does not work is tried again in the next.
func (c crashLoop) loop(ctx context.Context, t Crasher) {
	tick := time.NewTicker(c.interval)
	defer tick.Stop()
	for range mostCrashes {
		if !pass(ctx, crashPause) {
			return
		}
		_ = t.Start(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		crash(ctx, t)
	}
}

// crash kills a target and waits until it is down: a kill is not given up half
// way, and whoever comes next must not take a dying process for a whole one.
func crash(ctx context.Context, t Crasher) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), applyPatience)
	defer cancel()
	if t.Kill(ctx, "KILL") != nil {
		return
	}
	ctx, cancel = context.WithTimeout(ctx, killLag)
	defer cancel()
	_ = poll(ctx, effectEvery, func() (bool, string) {
		status, err := t.Status(ctx)
		return err == nil && status != running, status
	})
}

// pass lets d pass, and reports false when ctx was done before.
func pass(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// crashing is a crash loop in effect.
type crashing struct {
	harness.Injection
	stop  context.CancelFunc
	loops sync.WaitGroup
}

// Recover implements harness.Injection: nothing is killed any more once it has
// begun, and then the targets are restored.
func (l *crashing) Recover(ctx context.Context) error {
	l.stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		l.loops.Wait()
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		return errors.Join(errors.New("recover process-crash-loop: the loop has not ended yet"), context.Cause(ctx))
	}
	return l.Injection.Recover(ctx)
}
