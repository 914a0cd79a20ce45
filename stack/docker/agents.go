package docker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/moby/moby/client"
)

// SweptAgent is a side container that held a fault of a dead run.
type SweptAgent struct{ ID, RunID string }

// SweepAgents ends the agents that nobody speaks to any more: those of dead
// runs, those whose process on this machine is gone (the engine may have been
// making one when it died), and those that are older than any lease. Each
// undoes its fault before it ends.
func SweepAgents(ctx context.Context) ([]SweptAgent, error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	found, err := e.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", labelAgent)})
	if err != nil {
		return nil, fmt.Errorf("list agents: %w", err)
	}
	if len(found.Items) == 0 {
		return nil, nil
	}
	runs, err := e.list(ctx)
	if err != nil {
		return nil, err
	}
	dead := make(map[string]bool)
	for _, f := range runs {
		dead[f.RunID] = f.orphan
	}
	var swept []SweptAgent
	var errs []error
	patience := int(agentEnds.Seconds())
	for _, c := range found.Items {
		if !orphaned(c.Labels, dead, time.Since(time.Unix(c.Created, 0))) {
			continue
		}
		if _, err := e.api.ContainerStop(ctx, c.ID, client.ContainerStopOptions{Timeout: &patience}); err != nil && !isNotFound(err) {
			errs = append(errs, fmt.Errorf("stop agent %.12s: %w", c.ID, err))
			continue
		}
		_, err := e.api.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true})
		if err != nil && !isConflict(err) { // a conflict: its removal is under way
			err = unlessGone("remove agent", c.ID, err)
		} else {
			err = nil
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		swept = append(swept, SweptAgent{c.ID, c.Labels[labelRun]})
	}
	return swept, errors.Join(errs...)
}
