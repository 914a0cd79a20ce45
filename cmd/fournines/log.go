package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

const (
	// logStep is how often a step that goes on says so again.
	logStep = 5 * time.Second
	// logTrial is how often a trial in which nothing notable happens says so.
	logTrial = 10 * time.Second
	// logWorth is how long a step takes at least for its end to be a line.
	logWorth = time.Second
)

// log is a display for files and CI: plain lines with a time stamp, few of
// them.
type log struct {
	mu     sync.Mutex
	w      io.Writer
	closed bool
	// steps is when each open step last had a line.
	steps map[string]time.Time
	// stage and trialLine are the stage and the time of the trial's last line.
	stage     harness.Stage
	trialLine time.Time
}

func newLog(w io.Writer) *log { return &log{w: w, steps: make(map[string]time.Time)} }

// line writes one line. The caller holds l.mu.
func (l *log) line(text string) {
	if !l.closed {
		fmt.Fprintf(l.w, "%s %s\n", time.Now().Format(time.TimeOnly), text)
	}
}

func (l *log) step(s stack.Step) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	last, open := l.steps[s.Name]
	switch {
	case s.Ended:
		delete(l.steps, s.Name)
		if s.Err != nil {
			l.line(s.Name + ": " + s.Err.Error())
		} else if s.Took >= logWorth || !open {
			l.line(s.Name + ": done in " + short(s.Took))
		}
	case !open || now.Sub(last) >= logStep:
		l.steps[s.Name] = now
		text := s.Name
		if s.Total > 0 {
			text += fmt.Sprintf(" %d/%d", s.Done, s.Total)
		}
		if s.Detail != "" {
			text += ": " + s.Detail
		}
		l.line(text)
	}
}

func (l *log) trial(v trialView) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	switch {
	case v.Note != "":
		l.line(v.title() + ": " + v.Note)
	case v.Stage != l.stage || now.Sub(l.trialLine) >= logTrial:
		l.stage, l.trialLine = v.Stage, now
		l.line(fmt.Sprintf("%s: %s, %s, %s left", v.title(), v.Stage, v.counts(), clock(v.left())))
	}
}

func (l *log) trialEnded() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stage = ""
}

func (l *log) say(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line(fmt.Sprintf(format, args...))
}

func (l *log) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}
