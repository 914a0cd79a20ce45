package proc

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/fournines/fournines/harness/agent"
)

// Arguments of the effects.
const (
	// Container is the whole ID of the container whose processes are meant.
	Container = "container"
	// Name is the name of the processes; empty means the main one.
	Name = "name"
	// Signal is what Kill sends: "KILL".
	Signal = "signal"
)

// processes is where the state before is kept.
const processes = "processes"

// target is what both effects are about.
type target struct {
	table           table
	container, name string
	victims         []id
	// send sends a signal by its name to a process.
	send func(pid int, signal string) error
}

func newTarget(args map[string]string) (target, error) {
	if !containerID.MatchString(args[Container]) {
		return target{}, fmt.Errorf("%s: want 64 hex digits, saw %q", Container, args[Container])
	}
	return target{table: table{"/proc"}, container: args[Container], name: args[Name], send: send}, nil
}

// Before finds the processes.
func (t *target) Before(context.Context) (map[string]string, error) {
	victims, err := t.table.find(t.container, t.name)
	if err != nil {
		return nil, err
	}
	t.victims = victims
	text := make([]string, len(victims))
	for i, v := range victims {
		text[i] = v.String()
	}
	return map[string]string{processes: strings.Join(text, ",")}, nil
}

// each sends a signal to those of victims that live and are in the container.
func (t *target) each(victims []id, signal string) error {
	var errs []error
	for _, v := range victims {
		if t.table.state(v) == "" {
			continue
		}
		in, err := t.table.inContainer(v.pid, t.container)
		if err == nil && in {
			err = t.send(v.pid, signal)
		}
		if err != nil && t.table.state(v) != "" {
			errs = append(errs, fmt.Errorf("send %s to process %d: %w", signal, v.pid, err))
		}
	}
	return errors.Join(errs...)
}

// Stop makes an effect that stops processes (SIGSTOP) and lets them go on.
func Stop(args map[string]string) (agent.Effect, error) {
	t, err := newTarget(args)
	return &stop{t}, err
}

type stop struct{ target }

func (s *stop) Apply(context.Context) error {
	if err := s.each(s.victims, "STOP"); err != nil {
		return errors.Join(err, s.each(s.victims, "CONT"))
	}
	return nil
}

// Seen says that all of them are stopped.
func (s *stop) Seen(context.Context) (agent.Seen, error) {
	stopped := 0
	for _, v := range s.victims {
		if s.table.state(v) == "T" {
			stopped++
		}
	}
	return agent.Seen{
		Active: stopped > 0 && stopped == len(s.victims), Counters: map[string]int64{"stopped": int64(stopped)},
		Detail: fmt.Sprintf("%d of %d processes are stopped", stopped, len(s.victims)),
	}, nil
}

func (s *stop) Undo(_ context.Context, before map[string]string) error {
	victims, err := parseIDs(before[processes])
	if err != nil {
		return err
	}
	if err := s.each(victims, "CONT"); err != nil {
		return err
	}
	for _, v := range victims {
		if s.table.state(v) == "T" {
			return fmt.Errorf("process %d is still stopped", v.pid)
		}
	}
	return nil
}

// Kill makes an effect that sends a signal once. What it ends is not started
// again: that is the business of whoever watches over the container.
func Kill(args map[string]string) (agent.Effect, error) {
	t, err := newTarget(args)
	if err != nil {
		return nil, err
	}
	if !known(args[Signal]) {
		return nil, fmt.Errorf("%s: want one of %s, saw %q", Signal, strings.Join(Signals(), ", "), args[Signal])
	}
	return &kill{t, args[Signal]}, nil
}

type kill struct {
	target
	signal string
}

func (k *kill) Apply(context.Context) error { return k.each(k.victims, k.signal) }

// Seen says that all of them are gone.
func (k *kill) Seen(context.Context) (agent.Seen, error) {
	left := 0
	for _, v := range k.victims {
		if k.table.state(v) != "" {
			left++
		}
	}
	return agent.Seen{Active: left == 0, Detail: fmt.Sprintf("%d of %d processes are left", left, len(k.victims))}, nil
}

func (k *kill) Undo(context.Context, map[string]string) error { return nil }
