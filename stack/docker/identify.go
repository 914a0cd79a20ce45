package docker

import (
	"context"
	"errors"
	"fmt"

	"github.com/moby/moby/client"
)

// Engine tells one container engine from another.
type Engine struct {
	// ID is the engine's own name for itself, Address where it was found. Some
	// engines call themselves something else every time.
	ID, Address string
}

// Same reports whether both are the same engine: one name, or one address.
func (e Engine) Same(other Engine) bool {
	return e.ID != "" && e.ID == other.ID || e.Address != "" && e.Address == other.Address
}

// Identify asks the container engine who it is.
func Identify(ctx context.Context) (Engine, error) {
	e, err := connect(ctx)
	if err != nil {
		return Engine{}, err
	}
	id, err := e.identify(ctx)
	return id, errors.Join(err, e.close())
}

// Engine is the engine that u is connected to.
func (u *Undoer) Engine(ctx context.Context) (Engine, error) { return u.engine.identify(ctx) }

func (e *engine) identify(ctx context.Context) (Engine, error) {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	about, err := e.api.Info(ctx, client.InfoOptions{})
	if err != nil {
		return Engine{}, fmt.Errorf("ask the engine at %q who it is: %w", e.address, err)
	}
	return Engine{ID: about.Info.ID, Address: e.address}, nil
}
