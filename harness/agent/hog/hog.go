// Package hog takes processor time and memory out of the target's share: a
// process within the target's control group uses it up.
package hog

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
	"github.com/fournines/fournines/harness/agent/inside"
)

// hog is an effect that lasts as long as its process.
type hog struct {
	root  string
	job   inside.Job
	check func(cgroup.Group) error
	took  func(cpu time.Duration, resident int64) bool
	now   *inside.Process
}

var _ agent.Effect = (*hog)(nil)

// CPU keeps argument "workers" threads busy for argument "load" percent of the
// time.
func CPU(args map[string]string) (agent.Effect, error) { return cpu(cgroup.Root, args) }

func cpu(root string, args map[string]string) (agent.Effect, error) {
	workers, err := strconv.Atoi(args["workers"])
	if err != nil || workers < 1 {
		return nil, fmt.Errorf("argument \"workers\": want a whole number from 1, saw %q", args["workers"])
	}
	load, err := strconv.ParseFloat(args["load"], 64)
	if err != nil || !(load > 0 && load <= 100) {
		return nil, fmt.Errorf("argument \"load\": want a number above 0 and up to 100, saw %q", args["load"])
	}
	return &hog{
		root: root, job: inside.Job{Do: "cpu", Join: []string{"cpu", "cpuacct"}, Workers: workers, Load: load / 100},
		check: func(cgroup.Group) error { return nil },
		took:  func(cpu time.Duration, _ int64) bool { return cpu > 0 },
	}, nil
}

// Memory holds argument "size" bytes.
func Memory(args map[string]string) (agent.Effect, error) { return memory(cgroup.Root, args) }

func memory(root string, args map[string]string) (agent.Effect, error) {
	size, err := strconv.ParseInt(args["size"], 10, 64)
	if err != nil || size < 1 {
		return nil, fmt.Errorf("argument \"size\": want a number of bytes, saw %q", args["size"])
	}
	return &hog{
		root: root, job: inside.Job{Do: "memory", Join: []string{"memory"}, Bytes: size},
		check: func(g cgroup.Group) error { return fits(g, size) },
		took:  func(_ time.Duration, resident int64) bool { return resident >= size },
	}, nil
}

// own is what the process takes beside the memory that it is asked to hold.
const own = 8 << 20

// fits is an error when the target's group has no room for size: the kernel
// would kill a process of its choice, the target's or ours.
func fits(g cgroup.Group, size int64) error {
	limit, use := "memory.limit_in_bytes", "memory.usage_in_bytes"
	if g.V2() {
		limit, use = "memory.max", "memory.current"
	}
	most, err := g.Number(limit)
	if err != nil {
		return err
	}
	used, err := g.Number(use)
	if err != nil {
		return err
	}
	if free := most - used - own; size > free {
		return fmt.Errorf("expected room for %d bytes below the target's memory limit, saw %d (limit %d, in use %d); take less, or use memory-limit with oom to have it killed", size, free, most, used)
	}
	available, err := availableMemory()
	if err == nil && size > available/2 {
		return fmt.Errorf("expected at least %d bytes of memory that this machine can spare, twice what is to be taken, saw %d; take less: the fault is for the target, not for the machine", 2*size, available)
	}
	return err
}

// availableMemory is what the machine could give to a new process.
func availableMemory() (int64, error) {
	raw, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, fmt.Errorf("read how much memory this machine has: %w", err)
	}
	for line := range strings.Lines(string(raw)) {
		var kib int64
		if _, err := fmt.Sscanf(line, "MemAvailable: %d kB", &kib); err == nil {
			return kib << 10, nil
		}
	}
	return 0, fmt.Errorf("expected MemAvailable in /proc/meminfo, saw none")
}

// Before implements agent.Effect.
func (h *hog) Before(context.Context) (map[string]string, error) {
	g, err := cgroup.Open(h.root)
	if err != nil {
		return nil, err
	}
	return nil, h.check(g)
}

// Apply implements agent.Effect.
func (h *hog) Apply(ctx context.Context) (err error) {
	h.now, err = inside.Start(ctx, h.root, h.job)
	return err
}

// Seen implements agent.Effect: what the kernel counts for the process.
func (h *hog) Seen(context.Context) (agent.Seen, error) {
	if h.now == nil {
		return agent.Seen{Detail: "there is no process"}, nil
	}
	cpu, resident, err := h.now.Used()
	if err != nil {
		return agent.Seen{Detail: err.Error()}, nil
	}
	return agent.Seen{
		Active: h.took(cpu, resident), Detail: fmt.Sprintf("%s of processor time, %d bytes", cpu, resident),
		Counters: map[string]int64{"cpu-ns": int64(cpu), "resident": resident},
	}, nil
}

// Undo implements agent.Effect. The process of an agent that was killed died
// with it: it is in the agent's process namespace.
func (h *hog) Undo(context.Context, map[string]string) error {
	if h.now != nil {
		h.now.Stop()
		h.now = nil
	}
	return nil
}
