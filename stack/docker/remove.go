package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/moby/moby/client"
	"golang.org/x/sync/errgroup"
)

const (
	// removePatience bounds the removal of everything of one run.
	removePatience = 60 * time.Second
	// deadEnginePatience is how long an engine that does not answer is waited
	// for: a restart, not a repair.
	deadEnginePatience = 10 * time.Second
	// leakPatience is how long an engine may take to let go of the network of
	// containers that are gone.
	leakPatience = 5 * time.Second
)

// errLeaked means that the engine keeps a network because it counts
// connections to it that none of the run's containers has any more. Some
// engines forget to count down, and know better only after they are restarted.
var errLeaked = errors.New("the engine keeps a network of which it believes that it is in use; restart the engine, or remove what is connected to it")

// removed counts what was removed.
type removed struct{ containers, networks, volumes int }

func (r removed) nothing() bool { return r == removed{} }

// removeRun removes everything that carries the run's label, and looks again
// until there is nothing left. It goes on when ctx is done, and has a deadline
// of its own.
func (e *engine) removeRun(ctx context.Context, runID string) (removed, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removePatience)
	defer cancel()
	var total removed
	answered, inUse := time.Now(), time.Now()
	for {
		found, err := e.removeOnce(ctx, runID)
		if !client.IsErrConnectionFailed(err) {
			answered = time.Now()
		}
		total.containers += found.containers
		if err == nil {
			total.networks += found.networks
		}
		total.volumes += found.volumes
		if err == nil && found.nothing() {
			return total, nil
		}
		if found.containers > 0 || err == nil || !strings.Contains(err.Error(), "has active endpoints") {
			inUse = time.Now()
		}
		if time.Since(inUse) > leakPatience {
			return total, fmt.Errorf("remove run %q: %w: %w", runID, errLeaked, err)
		}
		if err != nil && (ctx.Err() != nil || time.Since(answered) > deadEnginePatience) {
			return total, fmt.Errorf("remove run %q: %w; `fournines down` removes what is left", runID, err)
		}
		if err != nil { // something is in use, or being removed by somebody else
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	}
}

// removeOnce removes what the run has now.
func (e *engine) removeOnce(ctx context.Context, runID string) (removed, error) {
	filters := ofRun(runID)
	containers, err := e.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: filters})
	if err != nil {
		return removed{}, fmt.Errorf("list containers: %w", err)
	}
	var all errgroup.Group
	for _, c := range containers.Items {
		all.Go(func() error {
			_, err := e.api.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
			return unlessGone("remove container", c.ID, err)
		})
	}
	if err := all.Wait(); err != nil {
		return removed{}, err
	}
	networks, err := e.api.NetworkList(ctx, client.NetworkListOptions{Filters: filters})
	if err != nil {
		return removed{}, fmt.Errorf("list networks: %w", err)
	}
	volumes, err := e.api.VolumeList(ctx, client.VolumeListOptions{Filters: filters})
	if err != nil {
		return removed{}, fmt.Errorf("list volumes: %w", err)
	}
	var errs []error
	for _, n := range networks.Items {
		_, err := e.api.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{})
		errs = append(errs, unlessGone("remove network", n.Name, err))
	}
	for _, v := range volumes.Items {
		_, err := e.api.VolumeRemove(ctx, v.Name, client.VolumeRemoveOptions{Force: true})
		errs = append(errs, unlessGone("remove volume", v.Name, err))
	}
	return removed{len(containers.Items), len(networks.Items), len(volumes.Items)}, errors.Join(errs...)
}

func unlessGone(verb, name string, err error) error {
	if err == nil || isNotFound(err) {
		return nil
	}
	return fmt.Errorf("%s %q: %w", verb, name, err)
}
