package calibrate

import (
	"context"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
)

// scriptedFault is an outage as a fault that the engine injects. It may be
// injected once.
type scriptedFault struct {
	target *target
	outage *outage
}

func (f *scriptedFault) String() string {
	return fmt.Sprintf("scripted-outage %s for %s", f.outage.mode, f.outage.length)
}

// Prepare implements harness.Fault.
func (f *scriptedFault) Prepare(context.Context) (harness.UndoRecipe, error) {
	return harness.UndoRecipe{Summary: "the outage ends by itself, at the latest with this process"}, nil
}

// Inject implements harness.Fault.
func (f *scriptedFault) Inject(ctx context.Context) (harness.Injection, error) {
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	in := &scriptedInjection{fault: f, stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(in.ended)
		defer stop()
		in.err = f.target.run(life, f.outage)
	}()
	return in, nil
}

// scriptedInjection is an outage under way, which ends by itself.
type scriptedInjection struct {
	fault *scriptedFault
	stop  context.CancelFunc
	ended chan struct{}
	err   error // to be read when ended is closed
}

// Await asks the target, which is its own witness here: the point of the trial
// is what the engine makes of it.
func (in *scriptedInjection) Await(ctx context.Context) error {
	select {
	case <-in.fault.outage.began:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Recover ends the outage if it has not ended, and waits until it has.
func (in *scriptedInjection) Recover(ctx context.Context) error {
	in.stop()
	select {
	case <-in.ended:
	case <-ctx.Done():
		return fmt.Errorf("wait for the end of %s: %w", in.fault, context.Cause(ctx))
	}
	if errors.Is(in.err, context.Canceled) {
		return nil
	}
	return in.err
}
