package docker

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// replica is one container of a stack. It does not change after it was made,
// but for the container's ID when the container is made anew.
type replica struct {
	engine *engine
	recipe recipe
	// id is that of the first container, anew of the latest one made since.
	id   string
	anew atomic.Pointer[string]
	// image is the name of the image that the container was made from.
	image string
	// admin is the base URL of the port that answers readiness.
	admin string
	// exits is where the end of the replica's process is announced.
	exits *exits
	// platform is the reference platform that the replica belongs to; nil for
	// those of other stacks.
	platform *Stack
	// sidecars starts agents beside the container; nil where there can be none.
	sidecars *sidecars

	// What follows is of replicas of an attached stack alone: the engine's name
	// of the container, its labels and its number among those of its component.
	container string
	labels    map[string]string
	number    int
	// published is where a container that is not of the reference platform
	// says that it is ready; nil for one that is.
	published *page
}

var _ stack.Replica = (*replica)(nil)

func (r *replica) Name() string      { return r.recipe.name }
func (r *replica) Component() string { return r.recipe.component }
func (r *replica) Node() string      { return r.recipe.node }

func (r *replica) ID() string {
	if id := r.anew.Load(); id != nil {
		return *id
	}
	return r.id
}

func (r *replica) Kill(ctx context.Context, signal string) error {
	r.watchExit(ctx)
	_, err := r.engine.api.ContainerKill(ctx, r.ID(), client.ContainerKillOptions{Signal: signal})
	if isConflict(err) { // not running
		return nil
	}
	return r.wrap("kill", err)
}

func (r *replica) Start(ctx context.Context) error {
	_, err := r.engine.api.ContainerStart(ctx, r.ID(), client.ContainerStartOptions{})
	return r.wrap("start", err)
}

func (r *replica) Pause(ctx context.Context) error {
	_, err := r.engine.api.ContainerPause(ctx, r.ID(), client.ContainerPauseOptions{})
	return r.unless(ctx, "paused", "pause", err)
}

func (r *replica) Unpause(ctx context.Context) error {
	_, err := r.engine.api.ContainerUnpause(ctx, r.ID(), client.ContainerUnpauseOptions{})
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
	return statusOf(state), nil
}

func (r *replica) state(ctx context.Context) (*container.State, error) {
	result, err := r.engine.api.ContainerInspect(ctx, r.ID(), client.ContainerInspectOptions{})
	if err != nil {
		return nil, err
	}
	return result.Container.State, nil
}

func (r *replica) Ready(ctx context.Context) error {
	url := r.admin + r.recipe.readyPath
	var err error
	switch {
	case r.published != nil:
		err = r.readyFromOutside(ctx)
	case r.recipe.component == "etcd":
		err = expectHealthy(ctx, url)
	default:
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
