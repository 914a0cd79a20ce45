package harness

import (
	"context"
	"errors"
)

// ErrNotUndone is in the error of an Inject that took hold of some targets and
// could not let go of all of them again.
var ErrNotUndone = errors.New("not everything that was broken could be undone")

// Fault is something to be broken on purpose, bound to its live targets.
type Fault interface {
	// String is the fault in words for errors, time lines and reports:
	// `container-kill "catalog-2"`.
	String() string
	// Prepare looks at the targets and says, as data, how to bring them back
	// to how it found them, whatever Inject gets done of its work and whoever
	// does it. It touches nothing; an error means that Inject must not be
	// called. The engine writes the answer down before it calls Inject. An
	// error that wraps errors.ErrUnsupported means that the fault is not
	// possible on this machine or stack.
	Prepare(ctx context.Context) (UndoRecipe, error)
	// Inject takes hold fully or leaves the target as it found it and returns
	// an error; where that fails too, the error wraps ErrNotUndone. It never blocks for the fault's duration: the engine owns
	// time. A fault that matched nothing returns an error.
	Inject(ctx context.Context) (Injection, error)
}

// Injection is one fault in effect. The engine calls Recover at least once for
// every Injection, in reverse order of injecting, on success, failure, cancel
// and panic, with a context that survives cancellation and has a deadline.
type Injection interface {
	// Await returns nil once the fault is seen to be in effect from outside
	// the injector. It changes nothing. An error means not effective, and the
	// trial is invalid.
	Await(ctx context.Context) error
	// Recover undoes exactly this injection and returns nil once that is seen
	// from outside the injector. It is idempotent and works when the target
	// restarted meanwhile.
	Recover(ctx context.Context) error
}

// Accountable is an Injection that can tell, once it was recovered, what it
// did. shortfall is not empty when it was not in effect as it should have been
// all the time, and says why; the trial is invalid then.
type Accountable interface {
	Account() (did, shortfall string)
}

// UndoRecipe says how to remove a fault without the process that injected it.
type UndoRecipe struct {
	// Summary is one sentence: what is restored.
	Summary string `json:"summary"`
	// Steps are executed in order; each is idempotent.
	Steps []UndoStep `json:"steps,omitempty"`
	// Command is what a person would type to the same end.
	Command string `json:"command,omitempty"`
}

// UndoStep restores one recorded piece of state.
type UndoStep struct {
	// Op is the operation, for example "start" or "unpause".
	Op string `json:"op"`
	// Target is the replica's name, ID its identity in the stack's own terms.
	Target string            `json:"target"`
	ID     string            `json:"id"`
	Args   map[string]string `json:"args,omitempty"`
}
