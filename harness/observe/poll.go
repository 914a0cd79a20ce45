package observe

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Patience is how long a source may give no useful answer, at the start or in
// a row, before observing it is an error.
const Patience = 10 * time.Second

// useless is an answer that will not get better by asking again.
type useless struct{ error }

func (u useless) Unwrap() error { return u.error }

// poll calls ask now and then every interval until ctx is done. The error is
// why the source is of no use.
func poll(ctx context.Context, every time.Duration, ask func(context.Context) error) error {
	if every <= 0 {
		return fmt.Errorf("poll every %v: want more than 0", every)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	start := time.Now()
	var answered bool
	var uselessSince time.Time
	for {
		err := ask(ctx)
		if ctx.Err() != nil {
			return nil
		}
		now := time.Now()
		switch {
		case err == nil:
			answered, uselessSince = true, time.Time{}
		case errors.As(err, new(useless)) && uselessSince.IsZero():
			uselessSince = now
		}
		switch {
		case !uselessSince.IsZero() && now.Sub(uselessSince) >= Patience:
			return fmt.Errorf("no useful answer for %v: %w", Patience, err)
		case !answered && now.Sub(start) >= Patience:
			return fmt.Errorf("no answer in the first %v: %w", Patience, err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// interval dates a change of a polled state.
type interval struct {
	// seen is when the last poll that gave a state began.
	seen time.Time
}

// next takes the begin and end of a poll that gave a state, and returns how
// long before end the state may have changed since the last one; 0 for the
// first.
func (i *interval) next(begin, end time.Time) (resolution time.Duration) {
	if !i.seen.IsZero() {
		resolution = end.Sub(i.seen)
	}
	i.seen = begin
	return resolution
}
