package docker

import (
	"context"
	"fmt"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
)

// undoStart brings back a container that ran before its process was ended.
func undoStart(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error {
	if err := undoHold(c, s); err != nil {
		return err
	}
	if !c.State.Running {
		_, err := e.api.ContainerStart(ctx, c.ID, client.ContainerStartOptions{})
		if err != nil && !isConflict(err) {
			return fmt.Errorf("start it: %w", err)
		}
	}
	return e.awaitBack(ctx, c.ID)
}

// undoUnpause thaws a container. One that has ended meanwhile is not frozen;
// that it ended was not this fault's doing.
func undoUnpause(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error {
	if err := undoHold(c, s); err != nil {
		return err
	}
	if !c.State.Running {
		return nil
	}
	if c.State.Paused {
		_, err := e.api.ContainerUnpause(ctx, c.ID, client.ContainerUnpauseOptions{})
		if err != nil {
			// Somebody else may have been quicker: engines differ in how they say so.
			if now, exists, lookErr := e.lookAt(ctx, c.ID); lookErr != nil || exists && now.State.Paused {
				return fmt.Errorf("unpause it: %w", err)
			}
		}
	}
	return e.awaitBack(ctx, c.ID)
}

// undoHold lets a container go that the fault held down.
func undoHold(c container.InspectResponse, s UndoStep) error {
	if s.Args["held"] == "" || c.Config == nil {
		return nil
	}
	return letGo(c.Config.Labels)
}

// undoConnect puts a container back onto its networks as it was on them.
func undoConnect(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error {
	if err := e.connectTo(ctx, c.ID, s.Args); err != nil {
		return fmt.Errorf("connect it: %w", err)
	}
	if !c.State.Running || c.State.Paused {
		return nil // that is another fault's doing, or its owner's
	}
	return e.awaitBack(ctx, c.ID)
}

// undoRecreate makes a container anew that was removed. Its volumes are those
// that it had.
func undoRecreate(ctx context.Context, e *engine, _ container.InspectResponse, s UndoStep) error {
	id, err := e.recreate(ctx, s.Args)
	if err != nil {
		return fmt.Errorf("make it anew: %w", err)
	}
	return e.awaitBack(ctx, id)
}

// undoByAgent ends the agents beside a container and lets a fresh one restore
// what they left.
func undoByAgent(ctx context.Context, e *engine, c container.InspectResponse, s UndoStep) error {
	agents := attachedSidecars(e)
	make := agents.image
	agents.image = func(ctx context.Context) (string, error) {
		// The image that the agents ran from is there in all likelihood; making
		// one takes more than an engine.
		ref, err := e.newestImage(ctx, agentRepository)
		if err != nil || ref != "" {
			return ref, err
		}
		return make(ctx)
	}
	return agents.undoAgent(ctx, c.ID, s.Args)
}

// newestImage is the youngest image of a repository; empty when there is none.
func (e *engine) newestImage(ctx context.Context, repository string) (string, error) {
	found, err := e.api.ImageList(ctx, client.ImageListOptions{Filters: make(client.Filters).Add("reference", repository+":*")})
	if err != nil {
		return "", fmt.Errorf("list images of %q: %w", repository, err)
	}
	ref, made := "", int64(0)
	for _, image := range found.Items {
		if image.Created >= made && len(image.RepoTags) > 0 {
			ref, made = image.RepoTags[0], image.Created
		}
	}
	return ref, nil
}

// awaitBack waits until a container runs, is not frozen and, where its labels
// tell how that is seen, is ready. One that does not exist any more is not
// waited for.
func (e *engine) awaitBack(ctx context.Context, id string) error {
	began := time.Now()
	var last error
	for {
		c, exists, err := e.lookAt(ctx, id)
		if err == nil && !exists {
			return nil
		}
		if err == nil {
			if err = back(ctx, c); err == nil {
				return nil
			}
		}
		if last == nil || ctx.Err() == nil { // else it only says that time is over
			last = err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w; %w", last, context.Cause(ctx))
		case <-time.After(pollPause(time.Since(began))):
		}
	}
}

// back is nil when the container runs and is ready.
func back(ctx context.Context, c container.InspectResponse) error {
	if !c.State.Running || c.State.Paused || c.State.Restarting {
		return fmt.Errorf("want it running, saw it %s with exit code %d", c.State.Status, c.State.ExitCode)
	}
	url, ok := readyURL(c)
	if !ok {
		return nil
	}
	if c.Config.Labels[labelComponent] == "etcd" {
		return expectHealthy(ctx, url)
	}
	return expectGood(ctx, url)
}

// readyURL is where a container answers its readiness check; false when its
// labels do not tell, or when it has no network now through which it could be
// asked.
func readyURL(c container.InspectResponse) (string, bool) {
	if c.Config == nil || c.NetworkSettings == nil || len(c.NetworkSettings.Networks) == 0 {
		return "", false
	}
	ready, err := parseReady(c.Config.Labels[LabelReady])
	if err != nil || ready.port == 0 {
		return "", false
	}
	address, ok := publishedPorts(c)[ready.port]
	return "http://" + address + ready.path, ok
}

// readyLabel is the value of LabelReady: the port inside and the path.
func readyLabel(port uint16, path string) string { return fmt.Sprintf("%d%s", port, path) }
