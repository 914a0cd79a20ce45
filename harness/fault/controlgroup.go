package fault

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"sync"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// Grouped is a target whose control group can be shared with an agent, and
// read from outside of both.
type Grouped interface {
	Host
	// Cgroup reads files of the target's control group by their names in either
	// version: "cpu.stat", "memory.max". What there is not is left out.
	Cgroup(ctx context.Context, files ...string) (map[string]string, error)
}

// reading is what was read of a control group, by file.
type reading map[string]string

// number is a file's only number; false when there is none.
func (r reading) number(files ...string) (int64, bool) {
	for _, f := range files {
		if n, err := strconv.ParseInt(r[f], 10, 64); err == nil {
			return n, true
		}
	}
	return 0, false
}

// groupHold is a hold whose proofs read the target's control group.
type groupHold struct {
	hold
	// files are read before the fault and for each proof; limits of these must
	// be as before when the fault is over.
	files, limits []string
	// args are the effect's arguments.
	args map[string]string
	// effect looks for the fault in what was read before it, when the agent had
	// just applied it, and now.
	effect func(before, applied, now reading, seen agent.Seen) (bool, string)
	// gone looks whether more than the limits is as before; nil asks for no more.
	gone func(before, now reading) (bool, string)
}

// bindGroup makes the fault.
func (h groupHold) bindGroup(b Binding) (harness.Fault, error) {
	if _, err := able[Grouped](h.action, b.Targets); err != nil {
		return nil, err
	}
	var mu sync.Mutex
	before, applied := map[string]reading{}, map[string]reading{}
	read := func(ctx context.Context, t Host) (reading, error) {
		r, err := t.(Grouped).Cgroup(ctx, append(h.files, h.limits...)...)
		return r, err
	}
	h.shares = append([]string{"cgroup"}, h.shares...)
	h.hold.byHand = limitByHand
	h.spec = func(ctx context.Context, t Host) (agent.Spec, error) {
		r, err := read(ctx, t)
		mu.Lock()
		defer mu.Unlock()
		before[t.Name()] = r
		return agent.Spec{Effect: h.action, Args: maps.Clone(h.args)}, err
	}
	h.effective = func(ctx context.Context, t Host, seen agent.Seen) (bool, string) {
		now, err := read(ctx, t)
		if err != nil {
			status, _ := t.Status(ctx) // none is not "exited"
			return h.restarts && status == exited, err.Error()
		}
		mu.Lock()
		defer mu.Unlock()
		if applied[t.Name()] == nil {
			applied[t.Name()] = now
		}
		return h.effect(before[t.Name()], applied[t.Name()], now, seen)
	}
	h.removed = func(ctx context.Context, t Host) (bool, string) {
		if ok, saw := h.whole(ctx, t); !ok {
			status, err := t.Status(ctx)
			// Its group and the limits went with it.
			return err == nil && status == exited && !h.restarts, saw
		}
		now, err := read(ctx, t)
		if err != nil {
			return false, err.Error()
		}
		mu.Lock()
		defer mu.Unlock()
		for _, f := range h.limits {
			if was := before[t.Name()][f]; now[f] != was {
				return false, fmt.Sprintf("%s %q, want it back at %q", f, now[f], was)
			}
		}
		if h.gone == nil {
			return true, ""
		}
		return h.gone(before[t.Name()], now)
	}
	return h.bind(b)
}
