package harness

import (
	"fmt"
	"time"
)

// lookEvery is how often a running trial is looked at: whether it may end
// before its time, and whether its faults do more harm than they may.
const lookEvery = time.Second

// Look is a running trial as a StopRule sees it.
type Look struct {
	// Evidence is what was recorded until now, in whole seconds of load: the
	// stage that goes on has no end, and an outage that goes on is the last one
	// and Open. What would fill the memory of a long trial is left out: the
	// probers; Classes, Latency, Lag and Served of all seconds; and the Example
	// of outages once there were 256 different ones. It shares memory with the
	// record: a rule must neither change it nor keep it.
	Evidence Evidence
	// LagP99 is the 99th percentile of sent - intended in all seconds of
	// Evidence.
	LagP99 time.Duration
	// Left is the planned rest of the Baseline.
	Left time.Duration
}

// StopRule says whether a trial without faults may end before its time: why,
// as the end of a sentence, or "" to go on. Run asks it once per second of the
// Baseline, never concurrently; it must not block. A rule that is asked for
// one trial must not be used for another.
type StopRule func(Look) (why string)

// WithStop lets rule end the Baseline of a trial without faults: the trial is
// complete then, with what was seen until then, and its End says why. A trial
// with faults does not heed it.
func WithStop(rule StopRule) Option { return func(o *options) { o.stop = rule } }

// StopWhen ends a trial at the first look after done was closed.
func StopWhen(done <-chan struct{}, why string) StopRule {
	return func(Look) string {
		select {
		case <-done:
			return why
		default:
			return ""
		}
	}
}

// look is what happens once per second while a stage lasts. stop asks to end
// the stage; errSafety ends the disruption.
func (t *trial) look(until time.Duration) (stop bool, err error) {
	now := t.rec.now()
	if now < t.nextLook {
		return false, nil
	}
	t.nextLook = now.Truncate(lookEvery) + lookEvery
	switch {
	case t.stage == Disruption && len(t.active) > 0:
		return false, t.checkHarm()
	case t.stage != Baseline || len(t.plan.Injections) > 0 || t.stop == nil:
		return false, nil
	}
	look := t.rec.look()
	look.Left = until - now
	why := t.stop(look)
	if why == "" {
		return false, nil
	}
	t.end.Detail = fmt.Sprintf("stopped after %s: %s", formatDuration(now-t.entered), why)
	t.report(t.end.Detail)
	return true, nil
}
