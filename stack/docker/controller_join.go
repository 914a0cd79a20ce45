package docker

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/fournines/fournines/stack"
)

// startController starts the run's controller once everything else is ready.
func (s *Stack) startController(ctx context.Context, opts Options, cache string, pick func() (uint16, error), program []byte) error {
	c, err := newController(cache, opts, &s.exits, pick, program)
	if err != nil {
		return err
	}
	s.controller = c
	s.watchCrew()
	return c.Start(ctx)
}

// joinController finds the controller of a kept stack; there may be none.
func (s *Stack) joinController(cache string) {
	c := &controller{runID: s.runID, dir: runDir(cache, s.runID), exits: &s.exits}
	if _, err := os.Stat(c.path()); err == nil {
		s.controller = c
	}
}

// handOutController is handOut for the controller.
func (s *Stack) handOutController() stack.Replica {
	if s.attached != nil && !s.attached.allow {
		return shieldedController{s.controller}
	}
	return s.controller
}

// shieldedController is the controller of a stack that is attached read-only.
type shieldedController struct{ *controller }

func (s shieldedController) Kill(context.Context, string) error { return s.refuse("kill") }
func (s shieldedController) Start(context.Context) error        { return s.refuse("start") }
func (s shieldedController) Pause(context.Context) error        { return s.refuse("pause") }
func (s shieldedController) Unpause(context.Context) error      { return s.refuse("unpause") }

func (s shieldedController) refuse(verb string) error {
	return s.wrap(verb, errors.New("the stack is attached read-only; it was not touched"))
}

// undoController brings the controller of a run back that a fault ended or
// stopped. One whose run is gone is gone with it.
func undoController(ctx context.Context, runID, op string) error {
	cache, err := cacheDir()
	if err != nil {
		return err
	}
	c := &controller{runID: runID, dir: runDir(cache, runID), exits: &exits{}}
	rec, err := c.read()
	if errors.Is(err, fs.ErrNotExist) || err == nil && !rec.Kept {
		return nil // it ends with its run
	}
	if err != nil {
		return c.wrap("bring back", err)
	}
	if op == "unpause" {
		return c.Unpause(ctx)
	}
	return c.Start(ctx)
}

// Hold does nothing: nobody starts a controller but the harness.
func (c *controller) Hold(context.Context, bool, bool) error { return nil }
