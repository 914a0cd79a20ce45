package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness/journal"
)

// healing is what was healed, in the form of `fournines heal --json`.
type healing struct {
	Undone    []undoneFault    `json:"undone"`
	Remaining []remainingFault `json:"remaining"`
	Agents    []removedAgent   `json:"agents,omitempty"`
	Stacks    []removedStack   `json:"stacks,omitempty"`
	// Problems are what could not be looked at or removed.
	Problems []string `json:"problems"`

	// here is true when a fault of this engine remains, not of another one.
	here bool
}

// undoneFault is one fault that a run left in effect and that is undone now.
type undoneFault struct {
	Run   string `json:"run"`
	Fault string `json:"fault"`
	Undo  string `json:"undo"`
}

// remainingFault is one that could not be undone.
type remainingFault struct {
	Run   string `json:"run"`
	Fault string `json:"fault"`
	Error string `json:"error"`
	// Command undoes it by hand; empty where none is known.
	Command string `json:"command,omitempty"`
}

type removedAgent struct {
	Run       string `json:"run"`
	Container string `json:"container"`
}

type removedStack struct {
	Run        string `json:"run"`
	Containers int    `json:"containers"`
	Networks   int    `json:"networks"`
	Volumes    int    `json:"volumes"`
}

// add takes in what became of one journal.
func (h *healing) add(j journal.Healed) {
	for _, i := range j.Undone {
		h.Undone = append(h.Undone, undoneFault{j.Begin.RunID, i.Fault, i.Undo.Summary})
	}
	for _, r := range j.Remaining {
		if _, ok := errors.AsType[*elsewhere](r.Err); !ok {
			h.here = true
		}
		h.Remaining = append(h.Remaining, remainingFault{j.Begin.RunID, r.Fault, r.Err.Error(), r.Undo.Command})
	}
}

func (h *healing) note(err error) {
	if err != nil {
		h.Problems = append(h.Problems, err.Error())
	}
}

// done says what was healed, one line for each fault.
func (h *healing) done() []string {
	var lines []string
	for _, f := range h.Undone {
		lines = append(lines, fmt.Sprintf("undid %s, which run %q left in effect", f.Fault, f.Run))
	}
	for _, a := range h.Agents {
		lines = append(lines, fmt.Sprintf("removed side container %s of run %q, which is dead", shortID(a.Container), a.Run))
	}
	for _, s := range h.Stacks {
		lines = append(lines, fmt.Sprintf("removed what run %q left behind: %d containers, %d networks, %d volumes",
			s.Run, s.Containers, s.Networks, s.Volumes))
	}
	return lines
}

// left says what remains, one line for each fault.
func (h *healing) left() []string {
	var lines []string
	for _, r := range h.Remaining {
		lines = append(lines, r.String())
	}
	return lines
}

// String is one line with the command for a person.
func (r remainingFault) String() string {
	line := fmt.Sprintf("%s of run %q is still in effect: %s", r.Fault, r.Run, strings.Join(strings.Fields(r.Error), " "))
	if r.Command != "" {
		line += "; undo it by hand: " + r.Command
	}
	return line
}

// nothing reports whether there was nothing to do.
func (h *healing) nothing() bool {
	return len(h.done()) == 0 && len(h.left()) == 0 && len(h.Problems) == 0
}

// err is nil when nothing remains, and says only how much does.
func (h *healing) err() error {
	problems := strings.Join(h.Problems, "\n")
	switch n := len(h.Remaining); {
	case n > 0:
		return &failure{exitNotRemoved, fmt.Errorf("%d %s of dead runs could not be undone%s", n, plural(n, "fault"), prefixed("\n", problems))}
	case problems != "":
		return environment(errors.New(problems))
	}
	return nil
}

// prefixed puts something before a text that is not empty.
func prefixed(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// shortID is a container's ID as people see it elsewhere.
func shortID(id string) string { return id[:min(12, len(id))] }
