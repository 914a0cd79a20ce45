package docker

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// Usage is what a container uses, as the kernel counts it for its control
// group: every process in it, whatever started it.
type Usage struct {
	// At is when the engine looked.
	At time.Time
	// CPU is the processor time since the container's start.
	CPU time.Duration
	// Memory is in use, without pages of files that could be dropped; at most
	// MemoryLimit may be. Both in bytes.
	Memory, MemoryLimit uint64
}

// Usage asks the engine what a replica's container uses.
func (f *Fleet) Usage(ctx context.Context, name string) (Usage, error) {
	wrap := func(err error) error { return fmt.Errorf("ask what %q uses: %w", name, err) }
	result, err := f.engine.api.ContainerStats(ctx, f.container(name), client.ContainerStatsOptions{})
	if err != nil {
		return Usage{}, wrap(err)
	}
	defer result.Body.Close()
	var seen container.StatsResponse
	if err := json.NewDecoder(result.Body).Decode(&seen); err != nil {
		return Usage{}, wrap(err)
	}
	if seen.CPUStats.CPUUsage.TotalUsage == 0 { // what does not run is answered with zeros
		return Usage{}, wrap(fmt.Errorf("want processor time, saw none: it does not run, or the engine cannot count it"))
	}
	m := seen.MemoryStats
	u := Usage{At: seen.Read, CPU: time.Duration(seen.CPUStats.CPUUsage.TotalUsage), Memory: m.Usage, MemoryLimit: m.Limit}
	// "total_" is of version 1 of control groups, the other of version 2.
	for _, key := range []string{"total_inactive_file", "inactive_file"} {
		if dropped, ok := m.Stats[key]; ok && dropped < m.Usage {
			u.Memory -= dropped
			break
		}
	}
	return u, nil
}
