package main

import (
	"fmt"
	"io"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// display shows long work to whoever waits for it. Its methods may be called
// concurrently. After close nothing more is written.
type display interface {
	// step shows a part of bringing a stack up or down.
	step(stack.Step)
	// trial shows the state of a running trial; between trials it is not called.
	trial(trialView)
	// trialEnded takes the trial off the screen.
	trialEnded()
	// say writes a line that stays.
	say(format string, args ...any)
	// close ends the display and leaves what was written readable.
	close()
}

// trialView is what a person who watches a trial wants to know.
type trialView struct {
	plan harness.Plan
	// trials is how many the scenario gets in this run.
	trials int
	// after is the planned time of all trials that follow this one.
	after time.Duration
	harness.Progress
}

// newDisplay draws on a terminal that can be redrawn and writes plain,
// time-stamped lines anywhere else.
func newDisplay(p place, w io.Writer) display {
	if p.live {
		return newLive(w, newTheme(p.colourErr), func() int { return width(w) })
	}
	return newLog(w)
}

// title names the trial: `catalog-replica-kill, trial 2 of 5`.
func (v trialView) title() string {
	if v.trials <= 1 {
		return v.plan.Scenario.Name
	}
	return fmt.Sprintf("%s, trial %d of %d", v.plan.Scenario.Name, v.plan.Trial, v.trials)
}

// counts is the traffic so far: `sent 3600, bad 2, p99 12ms`.
func (v trialView) counts() string {
	s := fmt.Sprintf("sent %d, bad %d", v.Scheduled, v.Bad)
	if v.P99 > 0 {
		s += ", p99 " + short(v.P99)
	}
	return s
}

// left is the planned time until all trials are through.
func (v trialView) left() time.Duration { return v.Left + v.after }
