package limit

import (
	"context"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
	"github.com/fournines/fournines/harness/agent/inside"
)

func pidsFiles() []string { return []string{"pids.max"} }

// PIDs lets the target have no more processes and threads than it has now.
func PIDs(map[string]string) (agent.Effect, error) { return pids(cgroup.Root) }

func pids(root string) (agent.Effect, error) {
	g, err := cgroup.Open(root)
	if err != nil {
		return nil, err
	}
	return &limit{
		group: g,
		files: pidsFiles(),
		want: func(g cgroup.Group) ([]setting, error) {
			now, err := g.Number("pids.current")
			if err != nil {
				return nil, err
			}
			return []setting{{"pids.max", fmt.Sprint(now)}}, nil
		},
		provoke: func(ctx context.Context) error {
			p, err := inside.Start(ctx, root, inside.Job{Do: "fork", Join: []string{"pids"}})
			if err != nil {
				return err
			}
			defer p.Stop()
			if !p.Said.Refused {
				return errors.New("a process in the target's control group could fork")
			}
			return nil
		},
		counters: func(g cgroup.Group) map[string]int64 { return count(g, "pids.events", "max") },
	}, nil
}
