package harness

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// leverEvery is how often a lever is looked at while faults may be in
	// effect.
	leverEvery = time.Second
	// leverPatience is how long one look may take before the lever counts as
	// unreadable.
	leverPatience = time.Second
)

// WithLevers makes each of levers able to stop the run from outside: one whose
// Check returns an error, because it was pulled or because nobody can tell, is
// heeded. They are checked before every injection and every second from then
// on until all faults are removed; a check must end when its context does. The
// faults of a trial whose lever was pulled are taken back at once, the trial
// is invalid (SafetyLever), and its End has that code.
func WithLevers(levers ...Probe) Option {
	return func(o *options) { o.levers = append(o.levers, levers...) }
}

// CheckLevers asks all levers at the same time and joins what those say that
// are pulled or cannot be read. A check that takes longer than a second counts
// as such.
func CheckLevers(ctx context.Context, levers ...Probe) error {
	ctx, cancel := context.WithTimeoutCause(ctx, leverPatience, fmt.Errorf("no answer within %s", leverPatience))
	defer cancel()
	answers := make([]error, len(levers))
	var wg sync.WaitGroup
	for i, l := range levers {
		wg.Go(func() {
			if err := l.Check(ctx); err != nil {
				answers[i] = fmt.Errorf("safety lever %s: %w", l, err)
			}
		})
	}
	wg.Wait()
	return errors.Join(answers...)
}

// pulled is why a disruption was ended by a lever.
type pulled struct{ cause error }

func (p pulled) Error() string { return p.cause.Error() }

// checkLevers returns a pulled error unless all levers say to go on.
func (t *trial) checkLevers(ctx context.Context) error {
	err := CheckLevers(ctx, t.levers...)
	switch cause := context.Cause(ctx); {
	case cause != nil:
		return cause
	case err != nil:
		return pulled{err}
	}
	return nil
}

// underLevers disrupts while all levers are watched. One that is pulled ends
// the disruption, whatever it waits for; the error wraps errAbort then, and
// the reason is in the record.
func (t *trial) underLevers(ctx context.Context, disrupt func(context.Context) error) error {
	if len(t.levers) == 0 {
		return disrupt(ctx)
	}
	ctx, end := context.WithCancelCause(ctx)
	var watch sync.WaitGroup
	defer watch.Wait()
	defer end(nil)
	watch.Go(func() { end(t.watchLevers(ctx)) })
	err := disrupt(ctx)
	p, ok := errors.AsType[pulled](err)
	if cause, late := errors.AsType[pulled](context.Cause(ctx)); late {
		p, ok = cause, true
	}
	if !ok {
		return err
	}
	t.end = End{Reason: Aborted, Code: SafetyLever, Detail: p.Error()}
	t.rec.problem(SafetyLever, "%v", p)
	t.report("stopped: " + p.Error())
	return fmt.Errorf("%w: %w", errAbort, p)
}

// watchLevers returns a pulled error as soon as a lever is, or nil when ctx is
// done.
func (t *trial) watchLevers(ctx context.Context) error {
	every := time.NewTicker(leverEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
			if p, ok := errors.AsType[pulled](t.checkLevers(ctx)); ok {
				return p
			}
		}
	}
}
