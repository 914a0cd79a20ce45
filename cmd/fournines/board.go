package main

import (
	"fmt"
	"slices"
	"time"

	"charm.land/lipgloss/v2"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// board is the part of a terminal that is redrawn: the steps that are under
// way and the trial that runs.
type board struct {
	theme theme
	steps []openStep
	trial *trialView
	// fault is the latest note of the trial, faultAt when it came.
	fault   string
	faultAt time.Duration
}

// openStep is a step that has started and not ended.
type openStep struct {
	stack.Step
	since time.Time
}

// spinner turns ten times per second.
var spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// take adds a step's report. It returns the line that stays on the screen
// when the step ended, else "".
func (b *board) take(s stack.Step, now time.Time) string {
	i := slices.IndexFunc(b.steps, func(o openStep) bool { return o.Name == s.Name })
	if !s.Ended {
		if i < 0 {
			b.steps = append(b.steps, openStep{s, now})
		} else {
			b.steps[i].Step = s
		}
		return ""
	}
	if i >= 0 {
		b.steps = slices.Delete(b.steps, i, i+1)
	}
	if s.Err != nil {
		return b.theme.bad.Render("✗ "+s.Name) + ": " + s.Err.Error()
	}
	line := b.theme.good.Render("✓") + " " + s.Name
	if s.Detail != "" {
		line += b.theme.faint.Render("  " + s.Detail)
	}
	return line + b.theme.faint.Render("  "+short(s.Took))
}

// show takes the state of the trial.
func (b *board) show(v trialView) {
	if v.Note != "" {
		b.fault, b.faultAt = v.Note, v.Elapsed
	}
	b.trial = &v
}

// clearTrial takes the trial away.
func (b *board) clearTrial() { b.trial, b.fault = nil, "" }

// lines draws the board as it is at now, each line cut to columns.
func (b *board) lines(now time.Time, columns int) []string {
	var lines []string
	frame := spinner[int(now.UnixMilli()/100)%len(spinner)]
	for _, s := range b.steps {
		line := b.theme.warn.Render(frame) + " " + s.Name
		if s.Total > 0 {
			line += fmt.Sprintf(" %d/%d", s.Done, s.Total)
		}
		if s.Detail != "" {
			line += b.theme.faint.Render("  " + s.Detail)
		}
		lines = append(lines, line+b.theme.faint.Render("  "+clock(now.Sub(s.since).Truncate(time.Second))))
	}
	if b.trial != nil {
		lines = append(lines, b.trialLines(*b.trial, columns)...)
	}
	cut := lipgloss.NewStyle().MaxWidth(columns)
	for i, line := range lines {
		lines[i] = cut.Render(line)
	}
	return lines
}

func (b *board) trialLines(v trialView, columns int) []string {
	counts := v.counts()
	if v.Bad > 0 {
		counts = b.theme.bad.Render(counts)
	}
	lines := []string{
		b.theme.strong.Render(v.title()) + b.theme.faint.Render("  "+clock(v.left())+" left"),
		stageBar(v.plan.Scenario.Stages, v.Elapsed, max(12, min(60, columns-24))) + " " + stageStyle(b.theme, v.Stage).Render(string(v.Stage)),
		counts,
	}
	if b.fault != "" {
		lines = append(lines, b.theme.warn.Render("↯ "+b.fault)+b.theme.faint.Render("  "+clock((v.Elapsed-b.faultAt).Truncate(time.Second))+" ago"))
	}
	return lines
}

func stageStyle(t theme, s harness.Stage) lipgloss.Style {
	switch s {
	case harness.Disruption:
		return t.bad
	case harness.Recovery:
		return t.warn
	}
	return t.good
}
