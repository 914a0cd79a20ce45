package docker

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// UpWith is Up with another command for one replica.
func UpWith(ctx context.Context, opts Options, replica string, command []string) (*Stack, error) {
	return up(ctx, opts, func(l *launcher) {
		for i := range l.recipes {
			if l.recipes[i].name == replica {
				l.recipes[i].command = command
			}
		}
	})
}

// UpOnPort is Up that tries to publish the given port first.
func UpOnPort(ctx context.Context, opts Options, port uint16) (*Stack, error) {
	return up(ctx, opts, func(l *launcher) {
		pick := l.pickPort
		var once sync.Once
		l.pickPort = func() (chosen uint16, err error) {
			once.Do(func() { chosen = port })
			if chosen == 0 {
				return pick()
			}
			return chosen, nil
		}
	})
}

// Await waits until the edge uses all gateways and they all catalogues.
func (s *Stack) Await(ctx context.Context) error { return s.awaitRoutes(ctx) }

// Read gets a page of the edge as a client does.
func (s *Stack) Read(ctx context.Context, path string) error {
	_, err := s.expectServed(ctx, s.urls[stack.Edge]+path)
	return err
}

// Inspect is what the engine says of a replica's container.
func (s *Stack) Inspect(ctx context.Context, replica string) (container.InspectResponse, error) {
	r, _ := stack.Find(s, replica)
	result, err := s.engine.api.ContainerInspect(ctx, r.ID(), client.ContainerInspectOptions{})
	return result.Container, err
}

// Exec runs a program in a replica's container and returns what it said. An
// exit code other than 0 is an error.
func (s *Stack) Exec(ctx context.Context, replica string, command ...string) (string, error) {
	r, _ := stack.Find(s, replica)
	created, err := s.engine.api.ExecCreate(ctx, r.ID(), client.ExecCreateOptions{
		Cmd: command, AttachStdout: true, AttachStderr: true, Env: []string{"TMPDIR=/scratch"},
	})
	if err != nil {
		return "", err
	}
	attached, err := s.engine.api.ExecAttach(ctx, created.ID, client.ExecAttachOptions{})
	if err != nil {
		return "", err
	}
	defer attached.Close()
	var said strings.Builder
	if _, err := stdcopy.StdCopy(&said, &said, attached.Reader); err != nil {
		return said.String(), err
	}
	ended, err := s.engine.api.ExecInspect(ctx, created.ID, client.ExecInspectOptions{})
	if err == nil && ended.ExitCode != 0 {
		err = fmt.Errorf("%q ended with exit code %d", command, ended.ExitCode)
	}
	return said.String(), err
}

// ReferenceNames are the replicas of stack.Reference in its order.
func ReferenceNames() []string { return referenceNames() }

// Agents are the IDs of the agents beside a container.
func (s *Stack) Agents(ctx context.Context, target string) ([]string, error) {
	found, err := s.engine.api.ContainerList(ctx, client.ContainerListOptions{Filters: make(client.Filters).Add("label", labelAgent+"="+target)})
	var ids []string
	for _, c := range found.Items {
		ids = append(ids, c.ID)
	}
	return ids, err
}

// ProcessStatus is /proc/PID/status of a container's main process.
func (s *Stack) ProcessStatus(ctx context.Context, id string) (string, error) {
	inspected, err := s.engine.api.ContainerInspect(ctx, id, client.ContainerInspectOptions{})
	if err != nil {
		return "", err
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", inspected.Container.State.Pid))
	return string(raw), err
}

// UndoAgent is what heal does with a step of the op agent.
func (s *Stack) UndoAgent(ctx context.Context, target string, args map[string]string) error {
	return s.sidecars.undoAgent(ctx, target, args)
}
