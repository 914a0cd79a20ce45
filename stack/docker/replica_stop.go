package docker

import (
	"context"
	"time"

	"github.com/moby/moby/client"
)

// Stop asks the main process to end, and ends it when it did not within grace;
// the engine counts in whole seconds.
func (r *replica) Stop(ctx context.Context, grace time.Duration) error {
	r.watchExit(ctx)
	_, err := r.engine.api.ContainerStop(ctx, r.ID(), client.ContainerStopOptions{Timeout: seconds(grace)})
	return r.wrap("stop", err)
}

// Restart is Stop and Start in one call of the engine.
func (r *replica) Restart(ctx context.Context, grace time.Duration) error {
	r.watchExit(ctx)
	_, err := r.engine.api.ContainerRestart(ctx, r.ID(), client.ContainerRestartOptions{Timeout: seconds(grace)})
	return r.wrap("restart", err)
}

// seconds rounds up.
func seconds(d time.Duration) *int {
	n := int((d + time.Second - 1) / time.Second)
	return &n
}

// Life is the container and when its main process was started.
func (r *replica) Life(ctx context.Context) (string, error) {
	id := r.ID()
	state, err := r.state(ctx)
	if err != nil {
		return "", r.wrap("inspect", err)
	}
	return id + " since " + state.StartedAt, nil
}
