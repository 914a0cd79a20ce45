package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
)

// Suffix ends the name of a journal; the run's ID is before it.
const Suffix = ".journal"

// errHeld means that the process of a journal's run lives.
var errHeld = errors.New("another process holds it")

// Undoer restores the state that a step describes. It returns nil once that
// was seen from outside, or when the target does not exist any more; it may be
// called again for what is already undone.
type Undoer interface {
	Undo(ctx context.Context, step harness.UndoStep) error
}

// Healed is what became of one dead run's journal.
type Healed struct {
	Path  string
	Begin Begin
	// Undone are the faults that were still open and are undone now, Remaining
	// those that could not be, in the order in which they were tried: the
	// latest first.
	Undone    []harness.Intent
	Remaining []Residue
	Torn      bool
}

// Residue is a fault that is still in effect.
type Residue struct {
	harness.Intent
	Err error
}

// undoPatience bounds the undoing of one fault.
const undoPatience = 30 * time.Second

// Chooser returns the Undoer for the targets of a run. Where there is none the
// error says why, and the run's faults remain in the journal.
type Chooser func(Begin) (Undoer, error)

// Only is the Chooser that returns u for every run.
func Only(u Undoer) Chooser { return func(Begin) (Undoer, error) { return u, nil } }

// Heal undoes what dead runs left, the latest fault of each first, and removes
// the journals of which nothing remains. Journals of living runs are left
// alone. The error joins what could not be read or undone; every journal is
// tried.
func Heal(ctx context.Context, dir string, choose Chooser) ([]Healed, error) {
	paths, err := list(dir)
	if err != nil || len(paths) == 0 {
		return nil, err
	}
	var all []Healed
	var errs []error
	for _, path := range paths {
		h, err := healOne(ctx, path, choose)
		switch {
		case errors.Is(err, errHeld), errors.Is(err, os.ErrNotExist):
			continue
		case err != nil:
			errs = append(errs, fmt.Errorf("heal %q: %w", path, err))
		}
		all = append(all, h)
	}
	return all, errors.Join(errs...)
}

// Open returns what dead runs left, as Heal would find it: each with its
// faults as Remaining. Journals without open intents are left out. Nothing is
// undone.
func Open(dir string) ([]Healed, error) {
	paths, err := list(dir)
	if err != nil {
		return nil, err
	}
	var all []Healed
	var errs []error
	for _, path := range paths {
		s, alive, err := Look(path)
		if alive || errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("read %q: %w", path, err))
			continue
		}
		h := Healed{Path: path, Begin: s.Begin, Torn: s.Torn}
		for _, i := range slices.Backward(s.Open) {
			h.Remaining = append(h.Remaining, Residue{i, errUntried})
		}
		if len(h.Remaining) > 0 {
			all = append(all, h)
		}
	}
	return all, errors.Join(errs...)
}

// errUntried is why a fault that nobody tried to undo remains.
var errUntried = errors.New("nobody has undone it yet")

func healOne(ctx context.Context, path string, choose Chooser) (Healed, error) {
	h := Healed{Path: path}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return h, err
	}
	defer file.Close()
	if err := lockDead(path, file); err != nil {
		return h, err
	}
	s, err := Read(file)
	if err != nil {
		return h, err
	}
	h.Begin, h.Torn = s.Begin, s.Torn
	if err := h.undoBy(ctx, s.Open, choose); err != nil {
		return h, err
	}
	return h, os.Remove(path)
}

// lockDead takes the lock of a journal whose process is gone. A journal that
// is just being made is not locked yet; it is made under the folder's lock.
func lockDead(path string, file *os.File) error {
	release, err := leases(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer release()
	return lock(file)
}

// undoBy undoes the intents with the Undoer of their run.
func (h *Healed) undoBy(ctx context.Context, open []harness.Intent, choose Chooser) error {
	if len(open) == 0 {
		return nil
	}
	undoer, err := choose(h.Begin)
	if err != nil {
		for _, i := range slices.Backward(open) {
			h.Remaining = append(h.Remaining, Residue{i, err})
		}
		return err
	}
	return h.undo(ctx, open, undoer)
}

// undo undoes the intents, the latest first.
func (h *Healed) undo(ctx context.Context, open []harness.Intent, undoer Undoer) error {
	var errs []error
	for _, intent := range slices.Backward(open) {
		if err := undo(ctx, undoer, intent); err != nil {
			h.Remaining = append(h.Remaining, Residue{intent, err})
			errs = append(errs, fmt.Errorf("undo %s: %w", intent.Fault, err))
			continue
		}
		h.Undone = append(h.Undone, intent)
	}
	return errors.Join(errs...)
}

// undo does the steps of one recipe. A step that fails does not keep the later
// ones from being tried: each restores a state of its own.
func undo(ctx context.Context, undoer Undoer, i harness.Intent) error {
	ctx, cancel := context.WithTimeout(ctx, undoPatience)
	defer cancel()
	var errs []error
	for _, step := range i.Undo.Steps {
		if err := undoer.Undo(ctx, step); err != nil {
			errs = append(errs, fmt.Errorf("%s %q: %w", step.Op, step.Target, err))
		}
	}
	return errors.Join(errs...)
}

// String is one line for each fault, for people.
func (h Healed) String() string {
	var lines []string
	for _, i := range h.Undone {
		lines = append(lines, fmt.Sprintf("undid %s, which run %q left in effect", i.Fault, h.Begin.RunID))
	}
	for _, r := range h.Remaining {
		line := fmt.Sprintf("%s of run %q is still in effect: %v", r.Fault, h.Begin.RunID, r.Err)
		if r.Undo.Command != "" {
			line += "; undo it by hand: " + r.Undo.Command
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}
