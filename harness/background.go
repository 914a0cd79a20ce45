package harness

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// background is what runs beside the stages: load, observers and the watch on
// the clock.
type background struct {
	// failed receives the first failure of a part that must not fail.
	failed chan error
	stop   func()
}

// start sets load and observers going. stop ends the load first, waits for its
// last event, then ends the observers; it may be called once.
func (t *trial) start(ctx context.Context) *background {
	bg := &background{failed: make(chan error, 1)}
	alive := context.WithoutCancel(ctx)
	loadCtx, stopLoad := context.WithCancel(alive)
	watchCtx, stopWatch := context.WithCancel(alive)
	var load, watch sync.WaitGroup

	send := func(name, prober string, l Load) {
		load.Go(func() {
			bg.guard(name, func() error {
				if err := l.Run(loadCtx, t.rec.events(prober)); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				if loadCtx.Err() == nil {
					return fmt.Errorf("%s: it ended after %s, before the trial did", name, t.rec.now().Round(time.Millisecond))
				}
				return nil
			})
		})
	}
	send("load", "", t.rig.Load)
	for _, prober := range slices.Sorted(maps.Keys(t.rig.Probers)) {
		send("prober "+prober, prober, t.rig.Probers[prober])
	}
	for _, o := range t.rig.Observers {
		watch.Go(func() {
			bg.guard(o.String(), func() error {
				if err := o.Observe(watchCtx, t.rec.signal); err != nil {
					t.rec.problem(TelemetryGap, "observer %s: %v", o, err)
				}
				return nil
			})
		})
	}
	watch.Go(func() { t.watchClock(watchCtx) })

	bg.stop = func() {
		stopLoad()
		load.Wait()
		t.rec.finishLoad()
		stopWatch()
		watch.Wait()
	}
	return bg
}

// guard turns an error or a panic of a part into a failure of the trial, so
// that faults are still recovered.
func (bg *background) guard(name string, part func() error) {
	var err error
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s panicked: %v\n%s", name, p, debug.Stack())
		}
		if err != nil {
			select {
			case bg.failed <- err:
			default: // an earlier failure already ends the trial
			}
		}
	}()
	err = part()
}

// clockTolerance is the largest difference between wall and monotonic clock
// that one second may bring (design: windows with a larger jump are invalid).
const clockTolerance = time.Second

// watchClock compares wall and monotonic clock every second, and once more at
// the end of the trial.
func (t *trial) watchClock(ctx context.Context) {
	every := time.NewTicker(time.Second)
	defer every.Stop()
	wall, before := t.wall(), time.Now()
	compare := func() {
		nowWall, now := t.wall(), time.Now()
		if jump, far := clockJump(nowWall.Sub(wall), now.Sub(before)); far {
			t.rec.problem(ClockJump, "the wall clock jumped by %s", jump.Round(time.Millisecond))
		}
		wall, before = nowWall, now
	}
	for {
		select {
		case <-ctx.Done():
			compare()
			return
		case <-every.C:
			compare()
		}
	}
}

// wallClock is the machine's wall clock alone.
func wallClock() time.Time { return time.Now().Round(0) }

// clockJump is how much further the wall clock went than the monotonic one,
// and whether that is beyond clockTolerance.
func clockJump(wall, monotonic time.Duration) (jump time.Duration, far bool) {
	jump = wall - monotonic
	return jump, jump > clockTolerance || jump < -clockTolerance
}
