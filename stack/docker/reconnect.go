package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// Networks is what the replica's connections are made of, by network: the
// part of the engine's endpoint settings that is configuration, as JSON.
func (r *replica) Networks(ctx context.Context) (map[string]string, error) {
	c, err := r.engine.inspect(ctx, r.ID())
	if err != nil {
		return nil, r.wrap("inspect", err)
	}
	networks, err := settingsOf(c)
	return networks, r.wrap("read networks of", err)
}

// settingsOf is Networks of a container that was inspected.
func settingsOf(c container.InspectResponse) (map[string]string, error) {
	out := map[string]string{}
	for name, endpoint := range c.NetworkSettings.Networks {
		text, err := json.Marshal(configured(endpoint, c.ID))
		if err != nil {
			return nil, fmt.Errorf("network %q: %w", name, err)
		}
		out[name] = string(text)
	}
	return out, nil
}

// configured is what was asked for when the endpoint was made, without what
// the engine found for it. The engine adds the container's own short ID to the
// aliases.
func configured(e *network.EndpointSettings, id string) *network.EndpointSettings {
	out := &network.EndpointSettings{
		IPAMConfig: e.IPAMConfig.Copy(), Links: slices.Clone(e.Links), DriverOpts: maps.Clone(e.DriverOpts), GwPriority: e.GwPriority,
		Aliases: slices.DeleteFunc(slices.Clone(e.Aliases), func(a string) bool { return len(id) >= 12 && a == id[:12] }),
	}
	slices.Sort(out.Aliases)
	out.Aliases = slices.Compact(out.Aliases)
	return out
}

// Disconnect takes the replica off all its networks.
func (r *replica) Disconnect(ctx context.Context) error {
	c, err := r.engine.inspect(ctx, r.ID())
	if err != nil {
		return r.wrap("inspect", err)
	}
	var errs []error
	for name := range c.NetworkSettings.Networks {
		_, err := r.engine.api.NetworkDisconnect(ctx, name, client.NetworkDisconnectOptions{Container: c.ID, Force: true})
		errs = append(errs, err)
	}
	return r.wrap("disconnect", errors.Join(errs...))
}

// Connect puts the replica back onto networks.
func (r *replica) Connect(ctx context.Context, networks map[string]string) error {
	return r.wrap("connect", r.engine.connectTo(ctx, r.ID(), networks))
}

// Disconnected lists those of networks that the replica is not on as it was.
func (r *replica) Disconnected(ctx context.Context, networks map[string]string) ([]string, error) {
	missing, err := r.engine.missing(ctx, r.ID(), networks)
	return missing, r.wrap("inspect", err)
}

func (e *engine) inspect(ctx context.Context, id string) (container.InspectResponse, error) {
	found, err := e.api.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	return found.Container, err
}

// missing lists those of networks that the container is not on as described.
func (e *engine) missing(ctx context.Context, id string, networks map[string]string) ([]string, error) {
	c, err := e.inspect(ctx, id)
	if err != nil {
		return nil, err
	}
	now, err := settingsOf(c)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(networks)) {
		if now[name] != networks[name] {
			missing = append(missing, name)
		}
	}
	return missing, nil
}

// connectTo connects a container to networks as described, and leaves those
// alone that it is on in that way. It returns nil once the engine says so.
func (e *engine) connectTo(ctx context.Context, id string, networks map[string]string) error {
	missing, err := e.missing(ctx, id, networks)
	if err != nil {
		return err
	}
	for _, name := range missing {
		var settings network.EndpointSettings
		if err := json.Unmarshal([]byte(networks[name]), &settings); err != nil {
			return fmt.Errorf("read how it was on network %q: %w", name, err)
		}
		// A connection without its aliases is none: it is made anew.
		if err := e.disconnectFrom(ctx, id, name); err != nil {
			return err
		}
		if _, err := e.api.NetworkConnect(ctx, name, client.NetworkConnectOptions{Container: id, EndpointConfig: &settings}); err != nil {
			return fmt.Errorf("network %q: %w", name, err)
		}
	}
	if missing, err = e.missing(ctx, id, networks); err != nil || len(missing) == 0 {
		return err
	}
	return fmt.Errorf("networks %q: want the container on them as it was, saw other settings", missing)
}

// disconnectFrom takes a container off a network that it may be on.
func (e *engine) disconnectFrom(ctx context.Context, id, name string) error {
	c, err := e.inspect(ctx, id)
	if err != nil || c.NetworkSettings.Networks[name] == nil {
		return err
	}
	_, err = e.api.NetworkDisconnect(ctx, name, client.NetworkDisconnectOptions{Container: id, Force: true})
	return err
}
