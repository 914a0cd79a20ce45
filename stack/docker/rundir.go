package docker

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// runDir is a run's folder beside its lock: what a run that is up keeps on this
// machine. It goes with the run.
func runDir(cache, runID string) string { return filepath.Join(cache, "runs", runID+".d") }

// forgetRun removes a run's folder, and the devices that show what is in it.
func forgetRun(cache, runID string) error {
	dir := runDir(cache, runID)
	if err := errors.Join(dropDevices(dir), os.RemoveAll(dir)); err != nil {
		return fmt.Errorf("remove the folder of run %q: %w", runID, err)
	}
	return nil
}

// A hold keeps the controller, and everybody else, from starting what a fault
// keeps down: a node without power, members that must not agree. It is an empty
// file in the run's folder, so that every process sees it and nothing of it is
// left when the run is gone.

// Words for what a hold is on.
const (
	holdNode    = "node"
	holdReplica = "replica"
)

func holdDir(cache, runID string) string { return filepath.Join(runDir(cache, runID), "held") }

// hold puts a hold on a node or a replica; on false lets it go. Both may be
// done again.
func hold(cache, runID, what, name string, on bool) error {
	dir := holdDir(cache, runID)
	path := filepath.Join(dir, what+"-"+name)
	if !on {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("let go of %s %q: %w", what, name, err)
		}
		return nil
	}
	err := os.MkdirAll(dir, 0o755)
	if err == nil {
		err = os.WriteFile(path, nil, 0o644)
	}
	if err != nil {
		return fmt.Errorf("hold %s %q: %w", what, name, err)
	}
	return nil
}

// held lists what is held, as "node-b" and "replica-etcd-1".
func held(cache, runID string) ([]string, error) {
	entries, err := os.ReadDir(holdDir(cache, runID))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for what is held: %w", err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all, nil
}

// isHeld reports whether a replica, or its node, is among what is held.
func isHeld(all []string, replica, node string) bool {
	return slices.Contains(all, holdReplica+"-"+replica) || node != "" && slices.Contains(all, holdNode+"-"+node)
}
