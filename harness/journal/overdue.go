package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
)

// HealOverdue undoes, in the journals of living runs, the faults whose deadline
// has passed: of runs that hang and whose watchdog is gone. The journals stay;
// a run that goes on undoes the fault once more.
func HealOverdue(ctx context.Context, dir string, now time.Time, choose Chooser) ([]Healed, error) {
	paths, err := list(dir)
	if err != nil {
		return nil, err
	}
	var all []Healed
	var errs []error
	for _, path := range paths {
		s, alive, err := Look(path)
		if err == nil && alive {
			h := Healed{Path: path, Begin: s.Begin, Torn: s.Torn}
			s.Open = slices.DeleteFunc(s.Open, func(i harness.Intent) bool { return i.Deadline.After(now) })
			if len(s.Open) == 0 {
				continue
			}
			err = h.undoBy(ctx, s.Open, choose)
			all = append(all, h)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, fmt.Errorf("heal %q: %w", path, err))
		}
	}
	return all, errors.Join(errs...)
}
