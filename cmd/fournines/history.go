package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/reports"
)

// history is a folder of earlier runs, by which a run may know more than it
// sees itself (--history).
type history struct {
	// root is the folder; empty when there is none.
	root string
	// self is the ID of the run that asks: it is not its own history.
	self string
}

// earlier is what a history comes to for one scenario.
type earlier struct {
	carried []harness.Carried
	// left counts the runs that contribute nothing, by why.
	left map[string]int
}

// unreadable is why a run directory that cannot be read contributes nothing.
const unreadable = "unreadable"

// carry reads what the earlier runs contribute to a run that is about to begin
// with each of now, in their order. A folder that is not there yet is empty.
func (h history) carry(now []harness.Header) ([]earlier, error) {
	found := make([]earlier, len(now))
	if h.root == "" {
		return found, nil
	}
	entries, err := os.ReadDir(h.root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, usage(fmt.Errorf("read --history: %w", err))
	}
	seen := map[string]bool{h.self: true}
	for _, entry := range entries { // in the order of their names: oldest first
		run, ok, err := h.read(entry, now)
		if !ok {
			continue
		}
		for i, header := range now {
			switch c, left := harness.Carry(header, run); {
			case err != nil:
				found[i].leave(unreadable)
			case left != "":
				found[i].leave(left)
			case c.RunID != "" && !seen[c.RunID]: // a copy of a run is no other run
				found[i].carried = append(found[i].carried, c)
			}
		}
		for _, ev := range run {
			seen[ev.RunID] = true
		}
	}
	return found, nil
}

// read returns all trials of one run; ok is false when it is no run directory,
// or one without any of the scenarios.
func (h history) read(entry fs.DirEntry, now []harness.Header) (run []harness.Evidence, ok bool, err error) {
	dir, err := reports.OpenDir(filepath.Join(h.root, entry.Name()))
	if err != nil || dir.RunID() == h.self {
		return nil, false, nil
	}
	plans, err := dir.Plans()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err == nil && !slices.ContainsFunc(plans, func(p harness.Plan) bool {
		return slices.ContainsFunc(now, func(h harness.Header) bool { return h.Plan.Scenario.Name == p.Scenario.Name })
	}) {
		return nil, false, nil
	}
	run, err = savedEvidence(dir)
	return run, true, err
}

func (e *earlier) leave(why string) {
	if e.left == nil {
		e.left = map[string]int{}
	}
	e.left[why]++
}

// String is `4 runs of this build count; left out: 3 runs of another build`.
func (e earlier) String() string {
	text := "no earlier run of this build"
	if n := len(e.carried); n > 0 {
		text = "the evidence of " + runs(n) + " of this build counts"
	}
	var left []string
	for _, why := range slices.Sorted(maps.Keys(e.left)) {
		left = append(left, runs(e.left[why])+" "+why)
	}
	if len(left) > 0 {
		text += "; left out: " + strings.Join(left, ", ")
	}
	return text
}

func runs(n int) string {
	if n == 1 {
		return "1 run"
	}
	return fmt.Sprintf("%d runs", n)
}
