package docker

import (
	"context"
	"fmt"
	"time"

	"github.com/moby/moby/client"
)

// Repositories of the images that fournines makes. Tags are hashes of what the
// images are made of.
const (
	baseRepository     = "fournines-base"
	packagesRepository = "fournines-packages"
	platformRepository = "fournines-platform"
)

// makePatience bounds the making of one image.
const makePatience = 15 * time.Minute

// hasImage reports whether the engine has the image.
func (e *engine) hasImage(ctx context.Context, ref string) (bool, error) {
	_, err := e.api.ImageInspect(ctx, ref)
	switch {
	case err == nil:
		return true, nil
	case isNotFound(err):
		return false, nil
	default:
		return false, fmt.Errorf("look for image %q: %w", ref, err)
	}
}

// holdImage makes sure that repository:tag exists and stays until the returned
// lock is released. make is called, alone on this machine, when it does not
// exist; images of the repository that it supersedes and nothing uses are
// removed when they are older than keep.
func (e *engine) holdImage(ctx context.Context, cache, repository, tag string, keep time.Duration, say func(string), make func(context.Context) error) (*fileLock, error) {
	path, ref := imageLock(cache, repository), repository+":"+tag
	for {
		held, err := lock(ctx, path, shared, func() { say("another fournines is making " + repository + "; waiting for it") })
		if err != nil {
			return nil, err
		}
		found, err := e.hasImage(ctx, ref)
		if found {
			return held, nil
		}
		_ = held.release() // closing an open file that nothing was written to
		if err != nil {
			return nil, err
		}
		if err := e.makeImage(ctx, path, ref, say, make); err != nil {
			return nil, err
		}
		e.prune(ctx, path, repository, ref, keep)
	}
}

// makeImage makes ref unless somebody else was quicker.
func (e *engine) makeImage(ctx context.Context, path, ref string, say func(string), make func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, makePatience)
	defer cancel()
	held, err := lock(ctx, path, exclusive, func() { say("waiting for another fournines that uses the images") })
	if err != nil {
		return err
	}
	defer func() { _ = held.release() }()
	if found, err := e.hasImage(ctx, ref); err != nil || found {
		return err
	}
	if err := make(ctx); err != nil {
		return err
	}
	found, err := e.hasImage(ctx, ref)
	if err == nil && !found {
		err = fmt.Errorf("make image %q: the engine says that it was built, and does not have it", ref)
	}
	return err
}

// prune removes the repository's images other than current that are older than
// keep. It is a courtesy to the disk: images in use stay, and so does
// everything when another process holds the lock.
func (e *engine) prune(ctx context.Context, path, repository, current string, keep time.Duration) {
	held, err := tryLock(path, exclusive, true)
	if err != nil {
		return
	}
	defer func() { _ = held.release() }()
	e.removeImages(ctx, make(client.Filters).Add("reference", repository+":*"), current, keep)
	// What a build that was interrupted left. A build that goes on elsewhere
	// is younger.
	e.removeImages(ctx, make(client.Filters).Add("label", labelImage).Add("dangling", "true"), current, unfinishedAge)
}

// unfinishedAge is well above makePatience.
const unfinishedAge = time.Hour

// removeImages removes images that nothing uses, except one and those younger
// than keep.
func (e *engine) removeImages(ctx context.Context, which client.Filters, except string, keep time.Duration) {
	list, err := e.api.ImageList(ctx, client.ImageListOptions{Filters: which})
	if err != nil {
		return
	}
	for _, image := range list.Items {
		if time.Since(time.Unix(image.Created, 0)) < keep {
			continue
		}
		names := image.RepoTags
		if len(names) == 0 || names[0] == "<none>:<none>" {
			names = []string{image.ID}
		}
		for _, name := range names {
			if name != except {
				_, _ = e.api.ImageRemove(ctx, name, client.ImageRemoveOptions{PruneChildren: true}) // in use: it stays
			}
		}
	}
}
