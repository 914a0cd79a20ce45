package docker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	testcontainers "github.com/testcontainers/testcontainers-go"

	"github.com/fournines/fournines/stack/certificate"
)

// nobody is the user and group that every process of the platform runs as.
const nobody = "65534:65534"

// enginePatience bounds one call of the engine; a loaded engine can take
// seconds to start a container.
const enginePatience = 60 * time.Second

// launcher makes the containers of one run.
type launcher struct {
	engine   *engine
	provider *testcontainers.DockerProvider
	runID    string
	// dir is the run's folder on this machine.
	dir string
	// network is the name of the run's network.
	network string
	labels  map[string]string
	recipes []recipe
	// secret is the value of every secret of the run.
	secret string
	// authority signs the certificates of the run; nil without TLS.
	authority *certificate.Authority
	// pickPort returns a port on the loopback address that is likely free. It
	// is called concurrently.
	pickPort func() (uint16, error)
}

// resourceName is the name of something that belongs to one run.
func resourceName(runID, name string) string { return "fournines-" + runID + "-" + name }

// createNetwork makes the run's own network.
func (l *launcher) createNetwork(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), enginePatience)
	defer cancel()
	_, err := l.provider.Client().NetworkCreate(ctx, l.network, client.NetworkCreateOptions{Driver: "bridge", Labels: l.labels})
	if err != nil {
		return fmt.Errorf("create network %q: %w", l.network, err)
	}
	return nil
}

// launch creates and starts a replica's container, and returns its ID and its
// published ports by the port inside. A call of the engine that has begun is
// not given up when ctx is done: what the engine makes must be known before it
// can be removed.
func (l *launcher) launch(ctx context.Context, r recipe, image string) (id string, published map[uint16]uint16, err error) {
	const attempts = 3 // a port can be taken between the look and the start
	for range attempts {
		if err := ctx.Err(); err != nil {
			return "", nil, context.Cause(ctx)
		}
		id, published, err = l.try(context.WithoutCancel(ctx), r, image)
		if err == nil || !portTaken(err) {
			break
		}
	}
	if err != nil {
		return "", nil, fmt.Errorf("start %q: %w", r.name, err)
	}
	return id, published, nil
}

func (l *launcher) try(ctx context.Context, r recipe, image string) (string, map[uint16]uint16, error) {
	ctx, cancel := context.WithTimeout(ctx, enginePatience)
	defer cancel()
	published := make(map[uint16]uint16, len(r.ports))
	for inside := range r.ports {
		outside, err := l.pickPort()
		if err != nil {
			return "", nil, err
		}
		published[inside] = outside
	}
	c, err := l.provider.CreateContainer(ctx, l.request(r, image, published))
	if err != nil {
		return "", nil, err
	}
	err = l.certify(ctx, c.GetContainerID(), r)
	if err == nil {
		err = c.Start(ctx)
	}
	if err != nil {
		return "", nil, errors.Join(err, c.Terminate(ctx, testcontainers.StopTimeout(0)))
	}
	return c.GetContainerID(), published, nil
}

// request is a container that can do no more than it must: no capabilities, no
// new privileges, a read-only root, bounded memory, processes and logs.
func (l *launcher) request(r recipe, image string, published map[uint16]uint16) testcontainers.ContainerRequest {
	labels := maps.Clone(l.labels)
	maps.Copy(labels, map[string]string{labelReplica: r.name, labelComponent: r.component, labelNode: r.node, LabelReady: readyLabel(r.admin, r.readyPath)})
	if len(r.hosts) > 0 {
		labels[labelAuthority] = string(l.authority.PEM())
	}
	exposed := make([]string, 0, len(published))
	for inside := range published {
		exposed = append(exposed, fmt.Sprintf("%d/tcp", inside))
	}
	return testcontainers.ContainerRequest{
		Image:          image,
		Name:           resourceName(l.runID, r.name),
		Cmd:            r.command,
		Labels:         labels,
		ExposedPorts:   exposed,
		Networks:       []string{l.network},
		NetworkAliases: map[string][]string{l.network: {r.name}},
		ConfigModifier: func(c *container.Config) {
			c.Hostname = r.name
			c.User = nobody
			c.WorkingDir = "/"
			for _, name := range r.secrets {
				c.Env = append(c.Env, name+"="+l.secret)
			}
			c.Env = append(c.Env, r.environment...)
		},
		HostConfigModifier: func(h *container.HostConfig) {
			h.PortBindings = bindings(published)
			h.CapDrop = []string{"ALL"}
			h.SecurityOpt = []string{"no-new-privileges"}
			h.ReadonlyRootfs = true
			h.Resources.Memory = r.memory
			h.Resources.MemorySwap = r.memory
			h.Resources.NanoCPUs = int64(r.cores * 1e9)
			pids := int64(512)
			h.Resources.PidsLimit = &pids
			h.LogConfig = container.LogConfig{Type: "json-file", Config: map[string]string{"max-size": "10m", "max-file": "2"}}
			if r.scratch != "" {
				h.Tmpfs = map[string]string{r.scratch: "rw,noexec,nosuid,nodev,mode=0700,uid=65534,gid=65534,size=512m"}
			}
			if r.volume != "" {
				h.Mounts = append(h.Mounts, l.dataVolume(r, labels))
			}
			if len(r.hosts) > 0 {
				h.Mounts = append(h.Mounts, l.certificateVolume(r, labels))
			}
		},
	}
}

// dataVolume is what outlives a replica's process: a folder of the engine's, or
// the filesystem on the recipe's device.
func (l *launcher) dataVolume(r recipe, labels map[string]string) mount.Mount {
	options := &mount.VolumeOptions{Labels: labels}
	if r.device != "" {
		options.DriverConfig = &mount.Driver{Name: "local", Options: map[string]string{"type": "xfs", "device": r.device}}
	}
	return mount.Mount{Type: mount.TypeVolume, Source: resourceName(l.runID, r.name), Target: r.volume, VolumeOptions: options}
}

// bindings publishes ports on the loopback address only.
func bindings(published map[uint16]uint16) network.PortMap {
	out := make(network.PortMap, len(published))
	for inside, outside := range published {
		port, _ := network.PortFrom(inside, network.TCP) // TCP is always valid
		out[port] = []network.PortBinding{{HostIP: loopback, HostPort: fmt.Sprint(outside)}}
	}
	return out
}
