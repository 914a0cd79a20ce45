package journal

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
)

// world is a stack that can be broken: each target has a state.
type world struct {
	mu     sync.Mutex // for tests that look while somebody undoes
	states map[string]string
	fail   map[string]error
}

func newWorld(n int) *world {
	w := &world{states: map[string]string{}, fail: map[string]error{}}
	for i := range n {
		w.states[fmt.Sprintf("t%d", i)] = "running"
	}
	return w
}

// breaking is the intent of putting a target into a state.
func (w *world) breaking(target, state string) harness.Intent {
	return harness.Intent{
		Fault: fmt.Sprintf("make %q %s", target, state),
		Undo: harness.UndoRecipe{
			Summary: "restore " + target,
			Steps:   []harness.UndoStep{{Op: "restore", Target: target, ID: target, Args: map[string]string{"state": w.states[target]}}},
			Command: "restore " + target,
		},
		Deadline: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// Undo implements Undoer.
func (w *world) Undo(_ context.Context, s harness.UndoStep) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.fail[s.Target]; err != nil {
		return err
	}
	w.states[s.Target] = s.Args["state"]
	return nil
}

func (w *world) state(target string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.states[target]
}

func (w *world) set(target, state string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.states[target] = state
}

// failing makes undoing fail with err, or succeed again for nil.
func (w *world) failing(target string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fail[target] = err
}

func (w *world) clone() *world {
	return &world{states: maps.Clone(w.states), fail: w.fail}
}
