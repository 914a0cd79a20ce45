// Package wallclock moves the wall clock of one process: it replaces the functions
// of the vDSO by which the process asks for the time with others that add an
// offset. The monotonic clock is not touched.
package wallclock

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// target is the target's main process in the namespace that it shares.
const target = 1

// Effect is the name in an agent's table.
const Effect = "clock-offset"

// offset is the effect. What it does to a process is in memory.
type offset struct {
	code map[string][]byte // by the function's name
	memory
}

// memory reaches into a process.
type memory interface {
	// read returns the first bytes of functions of the vDSO; those that it does
	// not have are left out.
	read(want map[string][]byte) (map[string][]byte, error)
	// write replaces them while no thread of the process runs.
	write(code map[string][]byte) error
}

// New moves the clock by argument "offset" in nanoseconds.
func New(args map[string]string) (agent.Effect, error) {
	ns, err := strconv.ParseInt(args["offset"], 10, 64)
	if err != nil || ns == 0 {
		return nil, fmt.Errorf("argument \"offset\": want a number of nanoseconds other than 0, saw %q", args["offset"])
	}
	code, err := functions(time.Duration(ns))
	if err != nil {
		return nil, err
	}
	return &offset{code, process(target)}, nil
}

// Before implements agent.Effect.
func (o *offset) Before(context.Context) (map[string]string, error) {
	found, err := o.read(o.code)
	if err != nil {
		return nil, err
	}
	if found[clockGettime] == nil {
		return nil, fmt.Errorf("expected a vDSO with the function %s in the target's main process, saw none; its clock cannot be moved", clockGettime)
	}
	before := map[string]string{}
	for name, now := range found {
		if bytes.Equal(now, o.code[name]) {
			return nil, errors.New("the target's clock is moved by that much already; `fournines heal` undoes what a dead run left")
		}
		before[name] = hex.EncodeToString(now)
	}
	return before, nil
}

// Apply implements agent.Effect.
func (o *offset) Apply(context.Context) error {
	found, err := o.read(o.code)
	if err != nil {
		return err
	}
	code := map[string][]byte{}
	for name := range found {
		code[name] = o.code[name]
	}
	return o.write(code)
}

// Seen implements agent.Effect: the functions are ours.
func (o *offset) Seen(context.Context) (agent.Seen, error) {
	found, err := o.read(o.code)
	if err != nil {
		return agent.Seen{}, err
	}
	for name, now := range found {
		if !bytes.Equal(now, o.code[name]) {
			return agent.Seen{Detail: name + " is the kernel's own"}, nil
		}
	}
	return agent.Seen{Active: found[clockGettime] != nil, Detail: fmt.Sprintf("%d functions replaced", len(found))}, nil
}

// Undo implements agent.Effect. A process that was started since has a vDSO of
// its own, which nobody touched.
func (o *offset) Undo(_ context.Context, before map[string]string) error {
	found, err := o.read(o.code)
	if errors.Is(err, errNoProcess) {
		return nil
	}
	if err != nil {
		return err
	}
	restore := map[string][]byte{}
	for name, now := range found {
		was, err := hex.DecodeString(before[name])
		if err != nil || len(was) != len(o.code[name]) {
			return fmt.Errorf("restore %s: want %d bytes that were there before, saw %q", name, len(o.code[name]), before[name])
		}
		switch {
		case bytes.Equal(now, was):
		case bytes.Equal(now, o.code[name]):
			restore[name] = was
		default:
			return fmt.Errorf("restore %s: it is neither what it was before nor what was put there; start the target anew", name)
		}
	}
	if len(restore) == 0 {
		return nil
	}
	return o.write(restore)
}

// errNoProcess means that the target's main process is gone.
var errNoProcess = errors.New("the target's main process is gone")
