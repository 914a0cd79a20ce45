package docker

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// options describe a side container that can do no more than it must.
func (s *sidecars) options(ctx context.Context, target, image string, capabilities, shares, command []string) (client.ContainerCreateOptions, error) {
	labels := maps.Clone(s.labels)
	if labels == nil {
		labels = map[string]string{}
	}
	labels[labelAgent] = target
	if by := starter(); by != "" {
		labels[labelStarter] = by
	}
	pids := int64(agentPIDs)
	host := &container.HostConfig{
		AutoRemove: true,
		// Nothing reaches it and it reaches nothing, unless it shares a network.
		NetworkMode:    "none",
		CapDrop:        []string{"ALL"},
		CapAdd:         slices.Clone(capabilities),
		SecurityOpt:    []string{"no-new-privileges"},
		ReadonlyRootfs: true,
		LogConfig:      container.LogConfig{Type: "none"},
		Resources:      container.Resources{Memory: agentMemory, PidsLimit: &pids},
	}
	config := &container.Config{
		Image: image, Cmd: command, User: "0:0", Labels: labels,
		OpenStdin: true, StdinOnce: true, AttachStdin: true, AttachStdout: true, AttachStderr: true,
	}
	for _, share := range shares {
		if err := s.engine.share(ctx, share, target, config, host); err != nil {
			return client.ContainerCreateOptions{}, err
		}
	}
	return client.ContainerCreateOptions{Config: config, HostConfig: host}, nil
}

// share gives an agent something of its target.
func (e *engine) share(ctx context.Context, share, target string, config *container.Config, host *container.HostConfig) error {
	switch share {
	case "net":
		host.NetworkMode = container.NetworkMode("container:" + target)
	case "pid":
		host.PidMode = container.PidMode("container:" + target)
	case "host-pid":
		// Nobody inside a namespace can stop or kill its first process.
		host.PidMode = "host"
	case "volumes":
		host.VolumesFrom = append(host.VolumesFrom, target)
	case "user":
		user, err := e.userOf(ctx, target)
		if err != nil {
			return fmt.Errorf("share the target's user with an agent: %w", err)
		}
		config.User = user
	case "cgroup":
		dirs, err := e.cgroupDirs(ctx, target)
		if err != nil {
			return fmt.Errorf("share a control group with an agent: %w", err)
		}
		for _, controller := range slices.Sorted(maps.Keys(dirs)) {
			host.Binds = append(host.Binds, dirs[controller]+":"+cgroupRoot+"/"+controller)
		}
		// Where groups are delegated by namespace, a process can be moved only
		// between groups that its namespace shows.
		if _, v2 := dirs[unified]; v2 {
			host.CgroupnsMode = container.CgroupnsModeHost
		}
	default:
		return fmt.Errorf("share %q with an agent: want net, pid, host-pid, volumes, user or cgroup", share)
	}
	return nil
}

// userOf is the user and group, in numbers, of a container's main process; of
// one that does not run what it was configured with.
func (e *engine) userOf(ctx context.Context, id string) (string, error) {
	inspected, err := e.api.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return "", err
	}
	if pid := inspected.Container.State.Pid; pid != 0 {
		if raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
			return effectiveUser(string(raw))
		}
	}
	user := inspected.Container.Config.User
	switch {
	case user == "":
		return "0:0", nil
	case strings.Trim(user, "0123456789:") != "":
		return "", fmt.Errorf("expected a user in numbers, saw %q; start the container with --user UID:GID", user)
	}
	return user, nil
}

// effectiveUser is "uid:gid" from /proc/PID/status.
func effectiveUser(status string) (string, error) {
	ids := map[string]string{}
	for line := range strings.Lines(status) {
		if f := strings.Fields(line); len(f) == 5 { // name, real, effective, saved, file system
			ids[f[0]] = f[2]
		}
	}
	if ids["Uid:"] == "" || ids["Gid:"] == "" {
		return "", fmt.Errorf("expected Uid and Gid in a process's status, saw neither")
	}
	return ids["Uid:"] + ":" + ids["Gid:"], nil
}
