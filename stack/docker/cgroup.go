package docker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/moby/moby/client"
)

// cgroupRoot is where an agent finds the folders of its target's control
// group: one for each controller of version 1, named like it, or one alone,
// "unified", of version 2.
const cgroupRoot = "/cgroup"

// cgroupControllers are those of version 1 that a fault can be made of.
var cgroupControllers = []string{"cpu", "cpuacct", "memory", "pids", "blkio"}

const unified = "unified"

// Cgroup reads files of the control group of the replica's container, from
// outside of it: "cpu.stat", "memory.max". Those that this engine's version of
// control groups does not have are left out.
func (r *replica) Cgroup(ctx context.Context, files ...string) (map[string]string, error) {
	dirs, err := r.engine.cgroupDirs(ctx, r.ID())
	if err != nil {
		return nil, r.wrap("read the control group of", err)
	}
	out := map[string]string{}
	for _, file := range files {
		controller, _, _ := strings.Cut(file, ".")
		dir, ok := dirs[controller]
		if u, v2 := dirs[unified]; v2 {
			dir, ok = u, true
		}
		if !ok {
			continue
		}
		raw, err := os.ReadFile(path.Join(dir, file))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, r.wrap("read the control group of", err)
		}
		out[file] = strings.TrimSpace(string(raw))
	}
	return out, nil
}

// cgroupDirs finds the folders of a running container's control group on this
// machine, by controller.
func (e *engine) cgroupDirs(ctx context.Context, id string) (map[string]string, error) {
	inspected, err := e.api.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return nil, err
	}
	pid := inspected.Container.State.Pid
	if pid == 0 {
		return nil, fmt.Errorf("expected container %.12s to run, saw status %q", id, inspected.Container.State.Status)
	}
	groups, err := os.ReadFile(fmt.Sprintf("/proc/%d/cgroup", pid))
	if err != nil {
		return nil, fmt.Errorf("find the container's main process on this machine: %w; the engine must run on this machine itself, not in a virtual one", err)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, fmt.Errorf("find this machine's control groups: %w", err)
	}
	dirs, err := findCgroups(string(groups), string(mounts), id)
	if err != nil {
		return nil, err
	}
	for _, controller := range slices.Sorted(maps.Keys(dirs)) {
		if _, err := os.Stat(path.Join(dirs[controller], "cgroup.procs")); err != nil {
			return nil, fmt.Errorf("find the container's control group %q: %w", controller, err)
		}
	}
	return dirs, nil
}

// findCgroups joins a process's /proc/PID/cgroup with the machine's mounts.
// The container's ID must be in the paths: else the process is somebody else's,
// with the same number on another machine.
func findCgroups(groups, mounts, id string) (map[string]string, error) {
	dirs := map[string]string{}
	v2 := strings.HasPrefix(groups, "0::") // else the other hierarchies come first
	for line := range strings.Lines(groups) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		names := strings.Split(parts[1], ",")
		if v2 {
			names = []string{unified}
		}
		for _, name := range names {
			if (v2 && parts[0] != "0") || !v2 && !slices.Contains(cgroupControllers, name) {
				continue
			}
			if !strings.Contains(parts[2], id) {
				return nil, fmt.Errorf("expected a control group of container %.12s, saw %q; the engine must run on this machine itself and give each container its own (driver cgroupfs or systemd, not none)", id, parts[2])
			}
			if dir, ok := mountedCgroup(mounts, name, parts[2]); ok {
				dirs[name] = dir
			}
		}
	}
	if len(dirs) == 0 {
		return nil, fmt.Errorf("expected control groups of container %.12s that are mounted on this machine, saw none", id)
	}
	return dirs, nil
}

// mountedCgroup is where the group is found under a mount of the controller.
func mountedCgroup(mounts, controller, group string) (string, bool) {
	for line := range strings.Lines(mounts) {
		before, after, ok := strings.Cut(strings.TrimSpace(line), " - ")
		where, what := strings.Fields(before), strings.Fields(after)
		if !ok || len(where) < 5 || len(what) < 3 {
			continue
		}
		fits := what[0] == "cgroup2"
		if controller != unified {
			fits = what[0] == "cgroup" && slices.Contains(strings.Split(what[2], ","), controller)
		}
		root := strings.TrimSuffix(where[3], "/")
		below, under := strings.CutPrefix(group, root)
		if fits && under && !strings.Contains(group, "..") {
			return path.Join(where[4], below), true
		}
	}
	return "", false
}
