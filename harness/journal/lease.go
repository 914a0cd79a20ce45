package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
)

// Held is the error of an intent whose target is under a fault of another run,
// or was left so by a run that is dead and not healed yet.
type Held struct {
	// Target and ID name what is held.
	Target, ID string
	// Run and Fault say by whom and why.
	Run, Fault string
	// Alive is whether the run's process lives.
	Alive bool
}

// Error names the run and says what to do.
func (h *Held) Error() string {
	if h.Alive {
		return fmt.Sprintf("want %q (%s) for one run alone; run %q holds it for %s: wait until that run has ended, or choose another target",
			h.Target, h.ID, h.Run, h.Fault)
	}
	return fmt.Sprintf("want %q (%s) as it was; run %q is dead and left %s there: `fournines heal` undoes it",
		h.Target, h.ID, h.Run, h.Fault)
}

// leasesPatience bounds how long the writing of another run's intent is waited
// for; it takes milliseconds.
const leasesPatience = 5 * time.Second

// leases takes the lock of the folder itself, under which journals are made,
// compared and taken over, so that of two runs that want one target one sees
// the other.
func leases(dir string) (release func(), err error) {
	file, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("compare with other runs: %w", err)
	}
	for deadline := time.Now().Add(leasesPatience); ; {
		err := lock(file)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, errHeld) || time.Now().After(deadline) {
			file.Close()
			return nil, fmt.Errorf("compare with other runs: lock %q: %w", dir, err)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// free returns nil when no other journal of the folder has an open intent
// about one of the intent's targets.
func (j *Journal) free(i harness.Intent) error {
	paths, err := list(filepath.Dir(j.file.Name()))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if path == j.file.Name() {
			continue
		}
		if held, err := holder(path, i); held != nil || err != nil {
			return errors.Join(err, heldError(held))
		}
	}
	return nil
}

func heldError(h *Held) error {
	if h == nil { // an interface that holds a nil pointer would be an error
		return nil
	}
	return h
}

// holder looks for a target of the intent among the open ones of a journal.
func holder(path string, i harness.Intent) (*Held, error) {
	s, alive, err := look(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("compare with other runs: %q: %w", path, err)
	}
	for _, other := range s.Open {
		for _, step := range other.Undo.Steps {
			same := func(mine harness.UndoStep) bool { return mine.ID == step.ID }
			if step.ID != "" && slices.ContainsFunc(i.Undo.Steps, same) {
				return &Held{Target: step.Target, ID: step.ID, Run: s.Begin.RunID, Fault: other.Fault, Alive: alive}, nil
			}
		}
	}
	return nil, nil
}

// Look reads a journal and tells whether its run's process, or somebody who
// heals it, has it open. It changes nothing.
func Look(path string) (s State, alive bool, err error) {
	release, err := leases(filepath.Dir(path))
	if err != nil {
		return s, false, err
	}
	defer release()
	return look(path)
}

// look is Look for those who hold the leases.
func look(path string) (s State, alive bool, err error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return s, false, err
	}
	defer file.Close()
	if s, err = Read(file); err != nil {
		return s, false, err
	}
	err = lock(file)
	if errors.Is(err, errHeld) {
		return s, true, nil
	}
	return s, false, err
}

// list returns the journals of a folder; none of one that does not exist.
func list(dir string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*"+Suffix))
	if err != nil {
		return nil, fmt.Errorf("list journals: %w", err)
	}
	return paths, nil
}
