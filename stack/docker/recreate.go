package docker

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// blueprint is everything that makes a container what it is.
type blueprint struct {
	Name string
	// Image is the image's ID: a name may mean another one by then.
	Image      string
	Config     *container.Config
	HostConfig *container.HostConfig
	// Networks are by name, as in Networks.
	Networks map[string]string
}

// blueprintKey is where a blueprint stands in an undo step.
const blueprintKey = "blueprint"

// Blueprint is all that Recreate needs, as JSON under one key.
func (r *replica) Blueprint(ctx context.Context) (map[string]string, error) {
	c, err := r.engine.inspect(ctx, r.ID())
	if err != nil {
		return nil, r.wrap("inspect", err)
	}
	b, err := blueprintOf(c)
	if err != nil {
		return nil, r.wrap("describe", err)
	}
	text, err := json.Marshal(b)
	return map[string]string{blueprintKey: string(text)}, r.wrap("describe", err)
}

func blueprintOf(c container.InspectResponse) (blueprint, error) {
	networks, err := settingsOf(c)
	b := blueprint{
		Name: strings.TrimPrefix(c.Name, "/"), Image: c.Image, Config: c.Config, HostConfig: c.HostConfig, Networks: networks,
	}
	if len(c.ID) >= 12 && b.Config.Hostname == c.ID[:12] {
		b.Config.Hostname = "" // the engine's own choice, not the owner's
	}
	for _, m := range c.Mounts {
		if m.Type == mount.TypeVolume && !b.mounts(m.Destination) {
			// A volume without a name of its own: it is to be found again.
			b.HostConfig.Mounts = append(b.HostConfig.Mounts, mount.Mount{Type: mount.TypeVolume, Source: m.Name, Target: m.Destination, ReadOnly: !m.RW})
		}
	}
	return b, err
}

// mounts reports whether the blueprint says what is mounted there.
func (b blueprint) mounts(destination string) bool {
	return slices.ContainsFunc(b.HostConfig.Mounts, func(m mount.Mount) bool { return m.Target == destination && m.Source != "" }) ||
		slices.ContainsFunc(b.HostConfig.Binds, func(bind string) bool {
			parts := strings.Split(bind, ":")
			return len(parts) > 1 && parts[1] == destination
		})
}

// Exists reports whether the engine knows the replica's container.
func (r *replica) Exists(ctx context.Context) (bool, error) {
	_, err := r.engine.inspect(ctx, r.ID())
	if isNotFound(err) {
		return false, nil
	}
	return err == nil, r.wrap("inspect", err)
}

// Remove kills and removes the replica's container; its volumes stay.
func (r *replica) Remove(ctx context.Context) error {
	r.watchExit(ctx)
	_, err := r.engine.api.ContainerRemove(ctx, r.ID(), client.ContainerRemoveOptions{Force: true})
	return r.wrap("remove", unlessGone("container", r.ID(), err))
}

// Recreate makes the replica's container from a blueprint and starts it.
func (r *replica) Recreate(ctx context.Context, kept map[string]string) error {
	id, err := r.engine.recreate(ctx, kept)
	if id != "" {
		r.anew.Store(&id)
	}
	return r.wrap("recreate", err)
}

// recreate makes a container from a blueprint and starts it; one of that name
// that is there already is started. It returns nil once the engine says that
// the container is what the blueprint describes. The ID may be known beside an
// error.
func (e *engine) recreate(ctx context.Context, kept map[string]string) (id string, err error) {
	var b blueprint
	if err := json.Unmarshal([]byte(kept[blueprintKey]), &b); err != nil {
		return "", fmt.Errorf("read the blueprint: %w", err)
	}
	c, err := e.inspect(ctx, b.Name)
	if isNotFound(err) {
		if err := e.create(ctx, b); err != nil {
			return "", fmt.Errorf("create container %q: %w", b.Name, err)
		}
		c, err = e.inspect(ctx, b.Name)
	}
	if err != nil {
		return "", err
	}
	if !maps.Equal(c.Config.Labels, b.Config.Labels) {
		return "", fmt.Errorf("want container %q with the labels that it had, saw one of somebody else; remove or rename it", b.Name)
	}
	if err := e.connectTo(ctx, c.ID, b.Networks); err != nil {
		return c.ID, err
	}
	if _, err := e.api.ContainerStart(ctx, c.ID, client.ContainerStartOptions{}); err != nil {
		return c.ID, err
	}
	return c.ID, e.verify(ctx, b)
}

// create makes the container on its first network; the engine of old versions
// takes no more than one.
func (e *engine) create(ctx context.Context, b blueprint) error {
	config := *b.Config
	if image, err := e.api.ImageInspect(ctx, config.Image); err != nil || image.ID != b.Image {
		config.Image = b.Image // the name means another image by now
	}
	endpoints := map[string]*network.EndpointSettings{}
	for _, name := range slices.Sorted(maps.Keys(b.Networks)) {
		if name != string(b.HostConfig.NetworkMode) && len(b.Networks) > 1 {
			continue
		}
		var settings network.EndpointSettings
		if err := json.Unmarshal([]byte(b.Networks[name]), &settings); err != nil {
			return fmt.Errorf("read how it was on network %q: %w", name, err)
		}
		endpoints[name] = &settings
	}
	_, err := e.api.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config: &config, HostConfig: b.HostConfig, Name: b.Name,
		NetworkingConfig: &network.NetworkingConfig{EndpointsConfig: endpoints},
	})
	if isConflict(err) { // somebody else was quicker
		return nil
	}
	return err
}

// verify returns nil when the container is what the blueprint describes.
func (e *engine) verify(ctx context.Context, want blueprint) error {
	c, err := e.inspect(ctx, want.Name)
	if err != nil {
		return err
	}
	saw, err := blueprintOf(c)
	if err != nil {
		return err
	}
	for what, same := range map[string]bool{
		"image":    saw.Image == want.Image,
		"command":  slices.Equal(saw.Config.Cmd, want.Config.Cmd) && slices.Equal(saw.Config.Entrypoint, want.Config.Entrypoint),
		"settings": saw.Config.User == want.Config.User && slices.Equal(saw.Config.Env, want.Config.Env) && maps.Equal(saw.Config.Labels, want.Config.Labels),
		"ports":    reflect.DeepEqual(saw.HostConfig.PortBindings, want.HostConfig.PortBindings),
		"limits":   saw.HostConfig.Memory == want.HostConfig.Memory && saw.HostConfig.NanoCPUs == want.HostConfig.NanoCPUs,
		"volumes":  len(saw.HostConfig.Mounts) == len(want.HostConfig.Mounts) && slices.Equal(saw.HostConfig.Binds, want.HostConfig.Binds),
		"networks": maps.Equal(saw.Networks, want.Networks),
	} {
		if !same {
			return fmt.Errorf("container %q: want the %s that it had, saw others", want.Name, what)
		}
	}
	return nil
}
