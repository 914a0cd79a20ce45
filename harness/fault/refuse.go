package fault

import (
	"context"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
)

// refuse binds an action that no stack of this version can do.
func refuse(action, why string) func(Binding) (harness.Fault, error) {
	return func(Binding) (harness.Fault, error) {
		return nil, fmt.Errorf("%s: %s: %w", action, why, errors.ErrUnsupported)
	}
}

// Impossible stands for a fault that could not be bound because the stack or
// the machine cannot do it: it is told when it is prepared.
func Impossible(action string, err error) harness.Fault { return impossible{action, err} }

type impossible struct {
	action string
	err    error
}

func (f impossible) String() string { return f.action }

func (f impossible) Prepare(context.Context) (harness.UndoRecipe, error) {
	return harness.UndoRecipe{}, f.err
}

func (f impossible) Inject(context.Context) (harness.Injection, error) { return nil, f.err }
