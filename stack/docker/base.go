package docker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/moby/moby/client"
)

// officialBase is the base image that is used or pulled; builtBase is the one
// that is made when neither is possible.
const (
	officialBase = "debian:bookworm-slim"
	builtBase    = baseRepository + ":bookworm"
)

const (
	// registryPatience is how long a registry may take for its first word.
	registryPatience = 10 * time.Second
	pullPatience     = 5 * time.Minute
)

// ensureBase returns a Debian image to build on: the official one when the
// engine has it, else one that was built before, else the official one pulled,
// else one built with debootstrap.
func (e *engine) ensureBase(ctx context.Context, report reporter, cache string) (string, error) {
	for _, ref := range []string{officialBase, builtBase} {
		if found, err := e.hasImage(ctx, ref); err != nil || found {
			return ref, err
		}
	}
	var pulled error
	_ = report.step("pull "+officialBase, func(t *task) error {
		pulled = e.pull(ctx, officialBase, registryPatience, t.detail)
		return pulled
	})
	if pulled == nil {
		return officialBase, nil
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	err := report.step("make a Debian base image", func(t *task) error {
		return e.bootstrap(ctx, cache, builtBase, t.detail)
	})
	if err != nil {
		return "", fmt.Errorf("get a base image: pulling: %w; making: %w", pulled, err)
	}
	return builtBase, nil
}

// errSilentRegistry means that no registry answered.
var errSilentRegistry = errors.New("no answer from the registry")

// pull fetches an image, and gives up when no registry answers within
// patience.
func (e *engine) pull(ctx context.Context, ref string, patience time.Duration, say func(string)) error {
	ctx, cancel := context.WithTimeout(ctx, pullPatience)
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	timer := time.AfterFunc(patience, func() {
		giveUp(fmt.Errorf("%w within %v", errSilentRegistry, patience))
	})
	defer timer.Stop()
	// The engine answers when the registry has said its first word.
	response, err := e.api.ImagePull(ctx, ref, client.ImagePullOptions{})
	timer.Stop()
	if err == nil {
		defer response.Close()
		err = follow(response, say)
	}
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		return fmt.Errorf("pull %q: %w", ref, err)
	}
	return nil
}
