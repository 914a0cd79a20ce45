package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fournines/fournines/stack"
)

// Swept is what Sweep removed.
type Swept struct {
	Runs []SweptRun
}

// SweptRun is what was left of one run whose process is gone.
type SweptRun struct {
	RunID                         string
	Containers, Networks, Volumes int
}

// String is one sentence for each run, one per line; empty when nothing was
// removed.
func (s Swept) String() string {
	var lines []string
	for _, r := range s.Runs {
		lines = append(lines, fmt.Sprintf("removed what run %q left behind: %d containers, %d networks, %d volumes",
			r.RunID, r.Containers, r.Networks, r.Volumes))
	}
	return strings.Join(lines, "\n")
}

// Sweep removes what dead runs left on the engine: whatever carries the label
// of a run that no process holds the lock of. Runs that live, stacks that are
// kept, and runs of other machines that are younger than a day stay.
func Sweep(ctx context.Context, progress stack.Progress) (Swept, error) {
	e, err := connect(ctx)
	if err != nil {
		return Swept{}, err
	}
	defer e.close()
	found, err := e.list(ctx)
	if err != nil {
		return Swept{}, err
	}
	var swept Swept
	var errs []error
	for _, f := range found {
		if !f.orphan {
			continue
		}
		errs = append(errs, reporter{progress}.step("remove what run "+f.RunID+" left behind", func(t *task) error {
			r, err := e.discard(ctx, f.RunID)
			if !r.nothing() {
				swept.Runs = append(swept.Runs, SweptRun{f.RunID, r.containers, r.networks, r.volumes})
				t.result(fmt.Sprintf("%d containers", r.containers))
			}
			if errors.Is(err, errLeaked) { // it is in nobody's way
				t.result(err.Error())
				return nil
			}
			return err
		}))
	}
	errs = append(errs, forgetRuns(found))
	return swept, errors.Join(errs...)
}

// SweepRun is Sweep for one run. It returns nil when nothing of a dead run is
// left on the engine, or when the run lives or is kept.
func SweepRun(ctx context.Context, runID string) (SweptRun, error) {
	e, err := connect(ctx)
	if err != nil {
		return SweptRun{}, err
	}
	defer e.close()
	found, err := e.list(ctx)
	if err != nil {
		return SweptRun{}, err
	}
	i := slices.IndexFunc(found, func(f Found) bool { return f.RunID == runID })
	if i < 0 || !found[i].orphan {
		return SweptRun{}, nil
	}
	r, err := e.discard(ctx, runID)
	return SweptRun{runID, r.containers, r.networks, r.volumes}, err
}

// forgetRuns removes the lock files of runs that have nothing on the engine
// and no process.
func forgetRuns(found []Found) error {
	cache, err := cacheDir()
	if err != nil {
		return err
	}
	known := make(map[string]bool)
	for _, f := range found {
		known[runLock(cache, f.RunID)] = true
	}
	paths, err := filepath.Glob(runLock(cache, "*"))
	if err != nil {
		return fmt.Errorf("list the locks of runs: %w", err)
	}
	var errs []error
	for _, path := range paths {
		if known[path] {
			continue
		}
		if l, err := tryLock(path, exclusive, false); err == nil {
			errs = append(errs, forgetRun(cache, strings.TrimSuffix(filepath.Base(path), ".lock")), l.remove())
		}
	}
	return errors.Join(errs...)
}

// Remove ends a run: it removes its containers, volumes and network, whether
// its process lives or not. A run of which there is nothing is an error.
func Remove(ctx context.Context, runID string) error {
	e, err := connect(ctx)
	if err != nil {
		return err
	}
	defer e.close()
	r, err := e.discard(ctx, runID)
	if err == nil && r.nothing() {
		err = fmt.Errorf("remove run %q: this engine has nothing of that run", runID)
	}
	return err
}

// discard removes a run and its lock file.
func (e *engine) discard(ctx context.Context, runID string) (removed, error) {
	cache, err := cacheDir()
	if err != nil {
		return removed{}, err
	}
	// Else it would bring back what is removed.
	if err := (&controller{runID: runID, dir: runDir(cache, runID)}).end(); err != nil {
		return removed{}, err
	}
	r, err := e.removeRun(ctx, runID)
	if err != nil {
		return r, err
	}
	if err := forgetRun(cache, runID); err != nil {
		return r, err
	}
	if err := os.Remove(runLock(cache, runID)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return r, fmt.Errorf("remove the lock of run %q: %w", runID, err)
	}
	return r, nil
}
