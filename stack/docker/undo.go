package docker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// UndoStep restores one recorded piece of a container's state.
type UndoStep struct {
	// Op is what to do: one of UndoOps.
	Op string
	// Target is the replica's name, for errors; ID is the container's.
	Target, ID string
	Args       map[string]string
}

// undoPatience bounds one step whose caller set no earlier deadline.
const undoPatience = 30 * time.Second

// Undoer undoes faults by the containers' IDs, and knows nothing of the
// process that injected them.
type Undoer struct{ engine *engine }

// NewUndoer connects to the container engine. Close ends the connection.
func NewUndoer(ctx context.Context) (*Undoer, error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	return &Undoer{e}, nil
}

// Close ends the connection to the engine.
func (u *Undoer) Close() error { return u.engine.close() }

// Has reports whether the engine has anything of a run that containers could
// be part of.
func (u *Undoer) Has(ctx context.Context, runID string) (bool, error) {
	containers, err := u.engine.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofRun(runID)})
	if err != nil {
		return false, fmt.Errorf("list the containers of run %q: %w", runID, err)
	}
	networks, err := u.engine.api.NetworkList(ctx, client.NetworkListOptions{Filters: ofRun(runID)})
	if err != nil {
		return false, fmt.Errorf("list the networks of run %q: %w", runID, err)
	}
	return len(containers.Items)+len(networks.Items) > 0, nil
}

// Undo restores the state that the step describes and returns nil once that
// was seen, or when the container does not exist any more and its existence is
// not what was broken. It may be called again for what is already undone, and
// whatever became of the container in between: restarted, without a network,
// being removed.
func (u *Undoer) Undo(ctx context.Context, s UndoStep) error {
	op, ok := undoOps()[s.Op]
	if !ok {
		return fmt.Errorf("undo by %q: want one of %s; another version of fournines wrote that, heal with it",
			s.Op, strings.Join(UndoOps(), ", "))
	}
	ctx, cancel := context.WithTimeout(ctx, undoPatience)
	defer cancel()
	if runID, ok := strings.CutPrefix(s.ID, controllerID); ok {
		return undoController(ctx, runID, s.Op)
	}
	c, exists, err := u.engine.lookAt(ctx, s.ID)
	if err != nil || !exists && !op.withoutIt {
		return err
	}
	if err := op.do(ctx, u.engine, c, s); err != nil {
		if _, exists, lookErr := u.engine.lookAt(ctx, s.ID); lookErr == nil && !exists && !op.withoutIt {
			return nil // it went away meanwhile, and the fault with it
		}
		return err
	}
	return nil
}

// undoOp restores one kind of state.
type undoOp struct {
	// do is idempotent and sees to the proof itself. c is what the engine said
	// of the container a moment ago; zero when there is none.
	do func(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error
	// withoutIt says that there is something to do without the container too.
	withoutIt bool
}

// undoOps are all operations by their names in recipes.
func undoOps() map[string]undoOp {
	return map[string]undoOp{
		"start":     {do: undoStart},
		"unpause":   {do: undoUnpause},
		"connect":   {do: undoConnect},
		"recreate":  {do: undoRecreate, withoutIt: true},
		"agent":     {do: undoByAgent},
		"withdraw":  {do: undoWithdraw, withoutIt: true},
		"present":   {do: undoPresent},
		"weigh":     {do: undoWeigh},
		"configure": {do: undoConfigure, withoutIt: true},
	}
}

// UndoOps returns the names of all operations.
func UndoOps() []string { return slices.Sorted(maps.Keys(undoOps())) }

// lookAt returns what the engine says of a container; false when there is no
// such container, or none but its removal.
func (e *engine) lookAt(ctx context.Context, id string) (container.InspectResponse, bool, error) {
	c, err := e.inspect(ctx, id)
	switch {
	case isNotFound(err):
		return container.InspectResponse{}, false, nil
	case err != nil:
		return container.InspectResponse{}, false, fmt.Errorf("look at container %.12s: %w", id, err)
	case c.State == nil:
		return container.InspectResponse{}, false, fmt.Errorf("look at container %.12s: the engine tells no state", id)
	}
	return c, c.State.Status != container.StateRemoving, nil
}
