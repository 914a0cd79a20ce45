package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// Found is what is on the engine of one run.
type Found struct {
	RunID string
	// Kept is true for a stack that was brought up to outlive its process.
	Kept bool
	// Alive is true when the process that made it still runs, or when that
	// cannot be known from here.
	Alive bool
	// Started is when the run began; zero when its labels do not say.
	Started time.Time
	// Replicas are in the order of stack.Reference.
	Replicas []FoundReplica
	// URLs are the addresses of the endpoints that are published now, by the
	// names of stack.Stack's URL.
	URLs map[string]string
	// orphan is true when nobody will ever use it again.
	orphan bool
}

// FoundReplica is a container of a run.
type FoundReplica struct {
	Name string
	// Status is the engine's state: running, paused, exited, created.
	Status string
}

// List returns the runs that have something on this engine, by run ID.
func List(ctx context.Context) ([]Found, error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	found, err := e.list(ctx)
	return found, errors.Join(err, e.close())
}

func (e *engine) list(ctx context.Context) ([]Found, error) {
	runs := make(map[string]*Found)
	labels := make(map[string]map[string]string)
	add := func(l map[string]string) *Found {
		id := l[labelRun]
		if runs[id] == nil {
			runs[id] = &Found{RunID: id, URLs: make(map[string]string)}
			labels[id] = l
		}
		return runs[id]
	}
	containers, err := e.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofRun("")})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	for _, c := range containers.Items {
		f := add(c.Labels)
		if name := c.Labels[labelReplica]; name != "" {
			f.Replicas = append(f.Replicas, FoundReplica{Name: name, Status: string(c.State)})
			addURLs(f.URLs, name, c)
		}
	}
	networks, err := e.api.NetworkList(ctx, client.NetworkListOptions{Filters: ofRun("")})
	if err != nil {
		return nil, fmt.Errorf("list networks: %w", err)
	}
	for _, n := range networks.Items {
		add(n.Labels)
	}
	volumes, err := e.api.VolumeList(ctx, client.VolumeListOptions{Filters: ofRun("")})
	if err != nil {
		return nil, fmt.Errorf("list volumes: %w", err)
	}
	for _, v := range volumes.Items {
		add(v.Labels)
	}
	host, err := os.Hostname()
	if err != nil {
		return nil, fmt.Errorf("find this machine's name: %w", err)
	}
	out := make([]Found, 0, len(runs))
	for id, f := range runs {
		f.judge(labels[id], host, time.Now())
		slices.SortFunc(f.Replicas, func(a, b FoundReplica) int { return referencePlace(a.Name) - referencePlace(b.Name) })
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b Found) int { return strings.Compare(a.RunID, b.RunID) })
	return out, nil
}

// addURLs adds the endpoints that a container publishes.
func addURLs(urls map[string]string, replica string, c container.Summary) {
	choices, err := choicesOf(c.Labels)
	if err != nil { // of another version: its addresses are unknown here
		return
	}
	for _, r := range recipes("", choices) {
		if r.name != replica {
			continue
		}
		for _, p := range c.Ports {
			if p.PublicPort == 0 {
				continue
			}
			for _, name := range r.ports[p.PrivatePort] {
				urls[name] = r.scheme(p.PrivatePort) + hostPort(p.PublicPort)
			}
		}
	}
}

// referencePlace is where a replica stands in stack.Reference.
func referencePlace(name string) int {
	place := 0
	for _, part := range stack.Reference() {
		for i := 1; i <= part.Replicas; i++ {
			if part.ReplicaName(i) == name {
				return place
			}
			place++
		}
	}
	return place
}
