package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
)

// noop is the control arm: everything that a trial does, without a fault.
func noop() Kind {
	return Kind{
		Action:  harness.NoopAction,
		Summary: "break nothing",
		Explain: "The control arm of an experiment: the trial passes through all stages and nothing is touched. " +
			"What such a trial measures is the stack's own noise, and a harness that fails it is broken.",
		Method:     "none",
		Class:      None,
		Proof:      "none: there is no effect",
		Undone:     "nothing was changed, nothing is restored",
		Example:    "{action: noop}",
		Targetless: true,
		bind: func(Binding) (harness.Fault, error) {
			return nothing{}, nil
		},
	}
}

// nothing is both the fault and its injection.
type nothing struct{}

func (nothing) String() string { return harness.NoopAction }

func (nothing) Prepare(context.Context) (harness.UndoRecipe, error) {
	return harness.UndoRecipe{Summary: noop().Undone}, nil
}

func (nothing) Inject(ctx context.Context) (harness.Injection, error) {
	return nothing{}, ctx.Err()
}

func (nothing) Await(context.Context) error { return nil }

func (nothing) Recover(context.Context) error { return nil }
