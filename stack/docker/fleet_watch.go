package docker

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// watchPatience bounds how long Prometheus' container may take to be told.
const watchPatience = 5 * time.Second

// placedTargets is where Prometheus reads of the replicas that the controller
// has placed. It is gone with Prometheus' process, as all of /scratch.
const placedTargets = "/scratch/placed.json"

// watched is what Prometheus was told last: its container, and the targets.
// Empty when it has to be told again.
type watched struct{ container, text string }

// keepWatched tells Prometheus which placed replicas it is to scrape, when that
// is something else than before, or Prometheus another process. found are the
// run's containers. It returns at once; what did not work is tried again at the
// next look.
func (f *Fleet) keepWatched(found []container.Summary) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, running := watcherOf(found)
	if !running {
		f.told = watched{}
		return
	}
	text, some := targetsOf(found, f.leaving)
	now := watched{id, text}
	if f.telling || now == f.told || !some && f.told.text == "" {
		return
	}
	f.telling = true
	f.tells.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), watchPatience)
		defer cancel()
		err := f.tell(ctx, id, text)
		f.mu.Lock()
		defer f.mu.Unlock()
		f.telling = false
		if err == nil {
			f.told = now
		}
	})
}

// unwatch takes a replica from what Prometheus scrapes before it is removed, so
// that nobody is called for it. A Prometheus that cannot be told holds nothing
// up.
func (f *Fleet) unwatch(ctx context.Context, name string) {
	f.mu.Lock()
	f.leaving[name] = true
	f.mu.Unlock()
	found, err := f.engine.api.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofRun(f.runID)})
	if err != nil {
		return
	}
	id, running := watcherOf(found.Items)
	if !running {
		return
	}
	f.mu.Lock()
	text, _ := targetsOf(found.Items, f.leaving)
	f.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, watchPatience)
	defer cancel()
	if f.tell(ctx, id, text) == nil {
		f.mu.Lock()
		f.told = watched{id, text}
		f.mu.Unlock()
	}
}

// tell puts the file into Prometheus' container; it follows the file by itself.
func (f *Fleet) tell(ctx context.Context, id, text string) error {
	_, err := f.engine.execute(ctx, id, "sh", "-c", `printf %s "$1" > "$2.next" && mv "$2.next" "$2"`, "sh", text, placedTargets)
	return err
}

// watcherOf is the container of Prometheus.
func watcherOf(found []container.Summary) (id string, running bool) {
	for _, c := range found {
		if c.Labels[labelReplica] == stack.Prometheus && c.Labels[labelAgent] == "" {
			return c.ID, c.State == "running"
		}
	}
	return "", false
}

// targetsOf are the placed replicas but for those that leave, in the form of a
// file for file_sd_configs; some is false when there are none.
func targetsOf(found []container.Summary, leaving map[string]bool) (text string, some bool) {
	targets := []scrape{}
	for _, c := range found {
		name := c.Labels[labelReplica]
		if c.Labels[labelPlaced] == "" || c.Labels[labelAgent] != "" || leaving[name] {
			continue
		}
		ready, err := parseReady(c.Labels[LabelReady])
		if err != nil || ready.port == 0 {
			continue
		}
		targets = append(targets, scrape{
			[]string{fmt.Sprintf("%s:%d", name, ready.port)},
			map[string]string{"replica": name, "component": c.Labels[labelComponent], "node": c.Labels[labelNode]},
		})
	}
	slices.SortFunc(targets, func(a, b scrape) int { return strings.Compare(a.Targets[0], b.Targets[0]) })
	raw, err := json.Marshal(targets)
	if err != nil {
		panic(err) // strings alone
	}
	return string(raw), len(targets) > 0
}
