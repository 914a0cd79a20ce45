package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// undoAgent ends the agents beside a container, which makes them undo what
// they hold, and lets a fresh one undo what those left that were killed. args
// are those of the step: spec, before, capabilities, shares. A container that
// does not run has lost its namespaces and what was in them; its volumes are
// restored all the same.
func (s *sidecars) undoAgent(ctx context.Context, target string, args map[string]string) error {
	if err := s.engine.endAgents(ctx, target); err != nil {
		return err
	}
	inspected, err := s.engine.api.ContainerInspect(ctx, target, client.ContainerInspectOptions{})
	switch {
	case isNotFound(err):
		return nil
	case err != nil:
		return fmt.Errorf("look at container %.12s: %w", target, err)
	}
	shares := words(args["shares"])
	if !inspected.Container.State.Running {
		if !slices.Contains(shares, "volumes") {
			return nil
		}
		shares = slices.DeleteFunc(shares, func(s string) bool { return s != "volumes" && s != "user" })
	}
	l, err := s.start(ctx, target, words(args["capabilities"]), shares,
		[]string{agentProgram, "agent", "--restore", args["spec"], "--before", args["before"]})
	if err != nil {
		return fmt.Errorf("start an agent that undoes: %w", err)
	}
	exit := s.engine.api.ContainerWait(ctx, l.id, client.ContainerWaitOptions{Condition: container.WaitConditionRemoved})
	_, readErr := io.Copy(io.Discard, l)
	var code int64
	select {
	case result := <-exit.Result:
		code = result.StatusCode
	case err := <-exit.Error:
		if isNotFound(err) {
			err = nil // it was faster than the wait
		}
		readErr = errors.Join(readErr, err)
	}
	said := l.said.String()
	if err := errors.Join(readErr, l.Close()); err != nil {
		return fmt.Errorf("let an agent undo: %w", err)
	}
	if code != 0 || said != "" {
		return fmt.Errorf("let an agent undo: exit code %d: %s", code, strings.TrimSpace(said))
	}
	return nil
}

// endAgents stops the agents beside a container and waits until they are gone.
func (e *engine) endAgents(ctx context.Context, target string) error {
	found, err := e.api.ContainerList(ctx, client.ContainerListOptions{Filters: make(client.Filters).Add("label", labelAgent+"="+target)})
	if err != nil {
		return fmt.Errorf("list the agents beside container %.12s: %w", target, err)
	}
	patience := int(agentEnds.Seconds())
	for _, c := range found.Items {
		_, err := e.api.ContainerStop(ctx, c.ID, client.ContainerStopOptions{Timeout: &patience})
		if err != nil && !isNotFound(err) {
			return fmt.Errorf("stop agent %.12s: %w", c.ID, err)
		}
	}
	return nil
}

// words splits a list with commas.
func words(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ",")
}
