package docker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/moby/moby/client"
)

// drainGrace is how long a replica that is removed may take to say goodbye and
// to finish what it has begun.
const drainGrace = 10 * time.Second

// container is the engine's name of a replica's container.
func (f *Fleet) container(name string) string { return resourceName(f.runID, name) }

// allowed is an error when the replica must not be started.
func (f *Fleet) allowed(name, node string) error {
	down, err := held(f.cache, f.runID)
	if err == nil && isHeld(down, name, node) {
		err = fmt.Errorf("replica %q is held down", name)
	}
	return err
}

// Start starts the replica's container, and makes it as it was where it is
// gone. Nothing happens when it runs.
func (f *Fleet) Start(ctx context.Context, name, node string) error {
	ctx, cancel := context.WithTimeout(ctx, enginePatience)
	defer cancel()
	if err := f.allowed(name, node); err != nil {
		return err
	}
	_, err := f.engine.api.ContainerStart(ctx, f.container(name), client.ContainerStartOptions{})
	if !isNotFound(err) {
		return err
	}
	f.mu.Lock()
	kept, ok := f.blueprints[name]
	f.mu.Unlock()
	if !ok {
		return fmt.Errorf("start %q: its container is gone, and nobody knows how it was made", name)
	}
	_, err = f.engine.recreate(ctx, map[string]string{blueprintKey: kept.raw})
	return err
}

// Restart ends the replica's process at once, thawed first where it is frozen,
// and starts it.
func (f *Fleet) Restart(ctx context.Context, name, node string) error {
	ctx, cancel := context.WithTimeout(ctx, enginePatience)
	defer cancel()
	if err := f.allowed(name, node); err != nil {
		return err
	}
	// A frozen container can be ended by no engine of every version. What it
	// does in the moment before its end it would have done anyway.
	c, err := f.engine.inspect(ctx, f.container(name))
	if err != nil {
		return err
	}
	if c.State != nil && c.State.Paused {
		if _, err := f.engine.api.ContainerUnpause(ctx, c.ID, client.ContainerUnpauseOptions{}); err != nil {
			return err
		}
	}
	if _, err := f.engine.api.ContainerKill(ctx, c.ID, client.ContainerKillOptions{Signal: "KILL"}); err != nil && !isConflict(err) {
		return err
	}
	now := 0
	_, err = f.engine.api.ContainerRestart(ctx, c.ID, client.ContainerRestartOptions{Timeout: &now})
	return err
}

// Place makes one more replica of a component, like those that it has, on a
// node.
func (f *Fleet) Place(ctx context.Context, component, name, node string) error {
	ctx, cancel := context.WithTimeout(ctx, enginePatience)
	defer cancel()
	if err := f.allowed(name, node); err != nil {
		return err
	}
	from, b, err := f.sibling(component)
	if err != nil {
		return err
	}
	ports := newPortPicker(f.runID + "/" + name)
	const attempts = 3 // a port can be taken between the look and the start
	for range attempts {
		var like blueprint
		if like, err = b.as(f.runID, from, name, node, ports.pick); err != nil {
			return fmt.Errorf("describe %q like %q: %w", name, from, err)
		}
		if err = f.make(ctx, like); err == nil || !portTaken(err) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("place %q on node %q: %w", name, node, err)
	}
	return nil
}

// make creates and starts a container; one that cannot be started is removed.
func (f *Fleet) make(ctx context.Context, b blueprint) error {
	if err := f.engine.create(ctx, b); err != nil {
		return err
	}
	_, err := f.engine.api.ContainerStart(ctx, b.Name, client.ContainerStartOptions{})
	if err != nil {
		_, removeErr := f.engine.api.ContainerRemove(ctx, b.Name, client.ContainerRemoveOptions{Force: true})
		err = errors.Join(err, unlessGone("remove container", b.Name, removeErr))
	}
	return err
}

// Remove lets a replica that was placed drain, and removes it.
func (f *Fleet) Remove(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, enginePatience)
	defer cancel()
	c, err := f.engine.inspect(ctx, f.container(name))
	switch {
	case isNotFound(err):
		return nil
	case err != nil:
		return err
	case c.Config.Labels[labelPlaced] == "":
		return fmt.Errorf("remove %q: it was not placed by the controller", name)
	}
	f.unwatch(ctx, name)
	defer func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.leaving, name)
	}()
	if _, err := f.engine.api.ContainerStop(ctx, c.ID, client.ContainerStopOptions{Timeout: seconds(drainGrace)}); err != nil && !isNotFound(err) {
		return err
	}
	_, err = f.engine.api.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	return unlessGone("remove container", name, err)
}
