package docker

import (
	"context"

	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// bring is launch, with the backup's volume on an XFS.
func (l *launcher) bring(ctx context.Context, r recipe, image string) (id string, published map[uint16]uint16, err error) {
	if r.component == stack.Backup {
		return l.launchOnXFS(ctx, r, image)
	}
	return l.launch(ctx, r, image)
}

// launchOnXFS is launch with the replica's volume on an XFS of its own, where
// this machine and its engine can have one. Where they cannot it has a plain
// volume: whoever keeps something there says what it is on.
func (l *launcher) launchOnXFS(ctx context.Context, r recipe, image string) (id string, published map[uint16]uint16, err error) {
	device, err := l.xfsVolume(ctx, image, r.name)
	if err == nil {
		r.device = device
		if id, published, err = l.launch(ctx, r, image); err == nil {
			return id, published, nil
		}
		r.device = ""
		// What the engine could not mount it remembers by the same name.
		_, _ = l.engine.api.VolumeRemove(context.WithoutCancel(ctx), resourceName(l.runID, r.name), client.VolumeRemoveOptions{Force: true})
	}
	if err := dropDevices(l.dir); err != nil {
		return "", nil, err
	}
	return l.launch(ctx, r, image)
}
