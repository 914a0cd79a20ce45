package docker

import (
	"context"
	"fmt"
)

// Hold keeps the replica's whole node, or the replica alone, from being started
// by anybody until it is let go; see fault.Holder. A replica that runs goes on.
// Where nobody but the harness starts replicas nothing happens.
func (r *replica) Hold(_ context.Context, node, on bool) error {
	if r.platform == nil {
		return nil
	}
	cache, err := cacheDir()
	if err != nil {
		return r.wrap("hold", err)
	}
	what, name := holdReplica, r.Name()
	if node {
		if what, name = holdNode, r.Node(); name == "" {
			return r.wrap("hold the node of", fmt.Errorf("it is placed on none"))
		}
	}
	return r.wrap("hold", hold(cache, r.platform.runID, what, name, on))
}

// letGo ends the holds that a fault put on a container of a run, by its labels.
func letGo(labels map[string]string) error {
	cache, err := cacheDir()
	run := labels[labelRun]
	if err != nil || run == "" {
		return err
	}
	if node := labels[labelNode]; node != "" {
		if err := hold(cache, run, holdNode, node, false); err != nil {
			return err
		}
	}
	return hold(cache, run, holdReplica, labels[labelReplica], false)
}
