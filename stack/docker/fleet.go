package docker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// Fleet is a run's containers as whoever keeps them running sees them: by
// name, whatever becomes of a single container. All methods may be called
// concurrently.
type Fleet struct {
	engine *engine
	runID  string
	cache  string

	mu sync.Mutex
	// blueprints are of every container that was seen, by replica; those that
	// were placed later are left out.
	blueprints map[string]fleetBlueprint
	// leaving are the placed replicas that are being removed.
	leaving map[string]bool
	// told is what Prometheus scrapes of those that were placed; telling is
	// true while tells says so to it.
	told    watched
	telling bool
	tells   sync.WaitGroup
}

// fleetBlueprint is a blueprint and the container that it was made of.
type fleetBlueprint struct {
	id  string
	raw string
}

// FleetReplica is one replica as it is now.
type FleetReplica struct {
	Name, Component, Node string
	// Status is the engine's word, or "missing" for one whose container is
	// gone.
	Status string
	// Health is the URL of the readiness page; empty while it has none.
	Health string
	// Held says that it must not be started, Attended that an agent works
	// beside it.
	Held, Attended bool
}

// statusMissing is the status of a replica whose container is gone.
const statusMissing = "missing"

// OpenFleet connects to a run. Close ends the connection.
func OpenFleet(ctx context.Context, runID string) (*Fleet, error) {
	e, err := connect(ctx)
	if err != nil {
		return nil, err
	}
	cache, err := cacheDir()
	if err != nil {
		return nil, errors.Join(err, e.close())
	}
	return &Fleet{engine: e, runID: runID, cache: cache, blueprints: map[string]fleetBlueprint{}, leaving: map[string]bool{}}, nil
}

// Close ends the connection to the engine.
func (f *Fleet) Close() error {
	f.tells.Wait()
	return f.engine.close()
}

// Gone reports whether the run has ended: its folder is not there any more.
func (f *Fleet) Gone() bool {
	_, err := os.Stat(runDir(f.cache, f.runID))
	return errors.Is(err, os.ErrNotExist)
}

// Look returns every replica, by name, and the nodes that are held down.
func (f *Fleet) Look(ctx context.Context) (all []FleetReplica, nodesDown []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, enginePatience)
	defer cancel()
	found, err := f.engine.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofRun(f.runID)})
	if err != nil {
		return nil, nil, fmt.Errorf("list the containers of run %q: %w", f.runID, err)
	}
	down, err := held(f.cache, f.runID)
	if err != nil {
		return nil, nil, err
	}
	attended := map[string]bool{}
	for _, c := range found.Items {
		if target := c.Labels[labelAgent]; target != "" {
			attended[target] = true
		}
	}
	for _, c := range found.Items {
		name := c.Labels[labelReplica]
		if name == "" || c.Labels[labelAgent] != "" {
			continue
		}
		r := FleetReplica{
			Name: name, Component: c.Labels[labelComponent], Node: c.Labels[labelNode], Status: string(c.State),
			Health: healthOf(c), Held: isHeld(down, name, c.Labels[labelNode]), Attended: attended[c.ID],
		}
		all = append(all, r)
		if err := f.remember(ctx, name, c); err != nil {
			return nil, nil, err
		}
	}
	f.keepWatched(found.Items)
	all = append(all, f.missing(all, down)...)
	slices.SortFunc(all, func(a, b FleetReplica) int { return strings.Compare(a.Name, b.Name) })
	for _, h := range down {
		if node, ok := strings.CutPrefix(h, holdNode+"-"); ok {
			nodesDown = append(nodesDown, node)
		}
	}
	return all, nodesDown, nil
}

// healthOf is where a running container says that it is ready.
func healthOf(c container.Summary) string {
	ready, err := parseReady(c.Labels[LabelReady])
	if err != nil || ready.port == 0 {
		return ""
	}
	for _, p := range c.Ports {
		if p.PrivatePort == ready.port && p.PublicPort != 0 {
			return "http://" + hostPort(p.PublicPort) + ready.path
		}
	}
	return ""
}

// remember keeps how a container was made, so that it can be made again.
func (f *Fleet) remember(ctx context.Context, name string, c container.Summary) error {
	f.mu.Lock()
	known := f.blueprints[name]
	f.mu.Unlock()
	if known.id == c.ID || c.Labels[labelPlaced] != "" {
		return nil
	}
	b, err := f.blueprint(ctx, c.ID)
	if isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("see how container %q is made: %w", name, err)
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.blueprints[name] = fleetBlueprint{c.ID, string(raw)}
	return nil
}

func (f *Fleet) blueprint(ctx context.Context, id string) (blueprint, error) {
	c, err := f.engine.inspect(ctx, id)
	if err != nil {
		return blueprint{}, err
	}
	return blueprintOf(c)
}

// missing are the replicas that were there and are not among those found.
func (f *Fleet) missing(found []FleetReplica, down []string) (all []FleetReplica) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(f.blueprints)) {
		if slices.ContainsFunc(found, func(r FleetReplica) bool { return r.Name == name }) {
			continue
		}
		var b blueprint
		if json.Unmarshal([]byte(f.blueprints[name].raw), &b) != nil {
			continue
		}
		node := b.Config.Labels[labelNode]
		all = append(all, FleetReplica{
			Name: name, Component: b.Config.Labels[labelComponent], Node: node, Status: statusMissing, Held: isHeld(down, name, node),
		})
	}
	return all
}

// Follow calls changed whenever something becomes of a container of the run,
// until ctx is done.
func (f *Fleet) Follow(ctx context.Context, changed func()) error {
	s := &Stack{engine: f.engine, runID: f.runID}
	return s.engineEvents(ctx, func(stack.Event) { changed() })
}
