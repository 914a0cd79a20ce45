package descriptors

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent"
)

// target is the target's main process in the namespace that it shares.
const target = 1

// descriptors is an effect on the limit RLIMIT_NOFILE of one process. The
// agent has to run as the process's user, and needs no capability then.
type descriptors struct {
	pid int
	set uint64
}

// New lowers the limit to what the process has open.
func New(map[string]string) (agent.Effect, error) { return &descriptors{pid: target}, nil }

func (d *descriptors) limit(want *unix.Rlimit) (now unix.Rlimit, err error) {
	if err := unix.Prlimit(d.pid, unix.RLIMIT_NOFILE, want, &now); err != nil {
		return now, fmt.Errorf("prlimit of the target's main process: %w; the agent has to run as its user", err)
	}
	return now, nil
}

// free is the lowest descriptor that the process does not use: what it would
// open next.
func (d *descriptors) free() (uint64, error) {
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", d.pid))
	if err != nil {
		return 0, fmt.Errorf("list what the target's main process has open: %w; that takes its user, and no more capabilities on its side", err)
	}
	used := map[uint64]bool{}
	for _, e := range entries {
		n, err := strconv.ParseUint(e.Name(), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("list what the target's main process has open: expected numbers, saw %q", e.Name())
		}
		used[n] = true
	}
	var n uint64
	for used[n] {
		n++
	}
	return n, nil
}

// Before implements agent.Effect.
func (d *descriptors) Before(context.Context) (map[string]string, error) {
	now, err := d.limit(nil)
	if err != nil {
		return nil, err
	}
	free, err := d.free()
	if err == nil && free >= now.Cur {
		err = fmt.Errorf("expected a target that may open more files, saw a limit of %d with %d in use", now.Cur, free)
	}
	return map[string]string{Soft: fmt.Sprint(now.Cur), Hard: fmt.Sprint(now.Max)}, err
}

// Apply implements agent.Effect.
func (d *descriptors) Apply(context.Context) error {
	now, err := d.limit(nil)
	if err != nil {
		return err
	}
	if d.set, err = d.free(); err != nil {
		return err
	}
	_, err = d.limit(&unix.Rlimit{Cur: d.set, Max: now.Max})
	return err
}

// Seen implements agent.Effect.
func (d *descriptors) Seen(context.Context) (agent.Seen, error) {
	now, err := d.limit(nil)
	return agent.Seen{
		Active: err == nil && d.set > 0 && now.Cur == d.set, Counters: map[string]int64{"limit": int64(now.Cur)},
		Detail: fmt.Sprintf("at most %d descriptors", now.Cur),
	}, err
}

// Undo implements agent.Effect. A process that was started since has a limit of
// its own, which is at least as high.
func (d *descriptors) Undo(_ context.Context, before map[string]string) error {
	want, err := strconv.ParseUint(before[Soft], 10, 64)
	if err != nil {
		return fmt.Errorf("restore the limit of descriptors: want a number, saw %q", before[Soft])
	}
	now, err := d.limit(nil)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil || now.Cur == want {
		return err
	}
	_, err = d.limit(&unix.Rlimit{Cur: min(want, now.Max), Max: now.Max})
	return err
}
