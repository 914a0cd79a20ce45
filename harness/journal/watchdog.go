package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

const (
	// lookEvery is how often the journal of a living run is looked at. It
	// bounds how late a fault past its deadline is undone.
	lookEvery = 250 * time.Millisecond
	// healPatience bounds how long a watchdog tries to undo what a dead run
	// left: an engine that restarts, not one that is repaired.
	healPatience = 10 * time.Minute
	// firstPause and longestPause are between two tries.
	firstPause   = 250 * time.Millisecond
	longestPause = 10 * time.Second
)

// Watchdog undoes the faults of one run that cannot do so any more: because it
// is dead, or because it hangs and the deadline of a fault has passed.
type Watchdog struct {
	// Path is the run's journal.
	Path string
	// Choose connects to the run's stack; it is asked anew for every try.
	Choose Chooser
	// Discard removes what a dead run started, after its faults were undone.
	Discard func(context.Context, Begin) error
	// Say takes what a person may want to read afterwards.
	Say func(format string, args ...any)

	begin Begin
	due   map[string]*overdue // by the ID of an open intent
}

// overdue is when a fault of a living run has to be over, by the clock that no
// one sets.
type overdue struct {
	at    time.Time
	pause time.Duration
	// undone is set once the watchdog undid it: the run, if it ever goes on,
	// does so again.
	undone bool
}

// Watch watches until the run ended well, or until what a dead run left is
// undone and discarded. ended yields true when the run says that nothing is
// left, and false, or is closed, when it is gone without a word. While another
// process holds the journal nothing but faults past their deadline is undone.
// The error says what remains after everything was tried.
func (w *Watchdog) Watch(ctx context.Context, ended <-chan bool) error {
	s, _, err := Look(w.Path)
	if err != nil {
		return fmt.Errorf("watch journal: %w", err)
	}
	w.begin, w.due = s.Begin, map[string]*overdue{}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		select {
		case well := <-ended:
			if well {
				return nil
			}
			w.Say("run %q is gone without a word", w.begin.RunID)
			return w.heal(ctx)
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
			if err := w.undoOverdue(ctx); err != nil {
				w.Say("%v", err)
			}
		}
	}
}

// undoOverdue undoes the faults of the living run whose deadline has passed.
func (w *Watchdog) undoOverdue(ctx context.Context) error {
	file, err := os.Open(w.Path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // the run is ending
	}
	if err != nil {
		return err
	}
	defer file.Close()
	s, err := Read(file)
	if err != nil {
		return err
	}
	var errs []error
	open := map[string]*overdue{}
	for _, i := range s.Open {
		o := w.due[i.ID]
		if o == nil {
			o = &overdue{at: time.Now().Add(time.Until(i.Deadline)), pause: firstPause}
		}
		open[i.ID] = o
		if o.undone || time.Now().Before(o.at) {
			continue
		}
		undoer, err := w.Choose(w.begin)
		if err == nil {
			err = undo(ctx, undoer, i)
		}
		if err != nil {
			o.at, o.pause = time.Now().Add(o.pause), min(2*o.pause, longestPause)
			errs = append(errs, fmt.Errorf("%s is past its deadline and could not be undone: %w", i.Fault, err))
			continue
		}
		o.undone = true
		w.Say("undid %s: its deadline passed while run %q neither ended it nor died", i.Fault, w.begin.RunID)
	}
	w.due = open
	return errors.Join(errs...)
}

// heal undoes and discards what the dead run left, and tries for as long as
// healPatience.
func (w *Watchdog) heal(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healPatience)
	defer cancel()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := w.healOnce(ctx)
		if err == nil {
			w.Say("nothing of run %q is left", w.begin.RunID)
			return nil
		}
		if ctx.Err() == nil {
			w.Say("%v; trying again in %v", err, pause)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("gave up after %v: %w; `fournines heal` tries again", healPatience, err)
		case <-time.After(pause):
		}
	}
}

func (w *Watchdog) healOnce(ctx context.Context) error {
	h, err := healOne(ctx, w.Path, w.Choose)
	if text := h.String(); text != "" {
		w.Say("%s", text)
	}
	switch {
	case errors.Is(err, errHeld):
		return fmt.Errorf("the journal of run %q: %w", w.begin.RunID, err)
	case errors.Is(err, os.ErrNotExist): // healed by somebody else, or by an earlier try
		err = nil
	}
	if discardErr := w.Discard(ctx, w.begin); discardErr != nil {
		err = errors.Join(err, fmt.Errorf("remove what run %q started: %w", w.begin.RunID, discardErr))
	}
	return err
}
