package docker

import (
	"context"
	"fmt"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// replica is one container of a stack. It does not change after it was made.
type replica struct {
	engine *engine
	recipe recipe
	id     string
	// image is the name of the image that the container was made from.
	image string
	// admin is the base URL of the port that answers readiness.
	admin string
	// exits is where the end of the replica's process is announced.
	exits *exits
}

var _ stack.Replica = (*replica)(nil)

func (r *replica) Name() string      { return r.recipe.name }
func (r *replica) Component() string { return r.recipe.component }
func (r *replica) Node() string      { return r.recipe.node }
func (r *replica) ID() string        { return r.id }

func (r *replica) Kill(ctx context.Context, signal string) error {
	r.watchExit(ctx)
	_, err := r.engine.api.ContainerKill(ctx, r.id, client.ContainerKillOptions{Signal: signal})
	if isConflict(err) { // not running
		return nil
	}
	return r.wrap("kill", err)
}

func (r *replica) Start(ctx context.Context) error {
	_, err := r.engine.api.ContainerStart(ctx, r.id, client.ContainerStartOptions{})
	return r.wrap("start", err)
}

func (r *replica) Pause(ctx context.Context) error {
	_, err := r.engine.api.ContainerPause(ctx, r.id, client.ContainerPauseOptions{})
	return r.unless(ctx, "paused", "pause", err)
}

func (r *replica) Unpause(ctx context.Context) error {
	_, err := r.engine.api.ContainerUnpause(ctx, r.id, client.ContainerUnpauseOptions{})
	return r.unless(ctx, "running", "unpause", err)
}

// unless forgives an error when the replica is in the wanted state already:
// engines differ in how they say so.
func (r *replica) unless(ctx context.Context, wanted, verb string, err error) error {
	if err == nil {
		return nil
	}
	if status, statusErr := r.Status(ctx); statusErr == nil && status == wanted {
		return nil
	}
	return r.wrap(verb, err)
}

func (r *replica) Status(ctx context.Context) (string, error) {
	state, err := r.state(ctx)
	if err != nil {
		return "", r.wrap("inspect", err)
	}
	switch {
	case state.Paused:
		return "paused", nil
	case state.Running:
		return "running", nil
	default:
		return "exited", nil
	}
}

func (r *replica) state(ctx context.Context) (*container.State, error) {
	result, err := r.engine.api.ContainerInspect(ctx, r.id, client.ContainerInspectOptions{})
	if err != nil {
		return nil, err
	}
	return result.Container.State, nil
}

func (r *replica) Ready(ctx context.Context) error {
	url := r.admin + r.recipe.readyPath
	var err error
	if r.recipe.component == "etcd" {
		err = expectHealthy(ctx, url)
	} else {
		_, err = expectOK(ctx, url)
	}
	return r.wrap("check", err)
}

func (r *replica) wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %q: %w", verb, r.recipe.name, err)
}
