package docker

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/fournines/fournines/fixtures"
	"github.com/fournines/fournines/stack"
)

// zookeeperRepository holds the image between packages and platform of those
// who want ZooKeeper.
const zookeeperRepository = "fournines-zookeeper"

// zookeeperRecipe is the Dockerfile of that image.
const zookeeperRecipe = "docker/zookeeper.Dockerfile"

// holdBeneath makes sure that there is an image with everything that the
// platform image of these choices is built on, packages if that is all. It
// stays until the lock is released; the lock is nil for packages.
func (e *engine) holdBeneath(ctx context.Context, report reporter, cache, packages string, choices stack.Choices) (ref string, held *fileLock, err error) {
	if choices.RegisteredIn() != stack.ZooKeeper {
		return packages, nil, nil
	}
	recipe, err := fs.ReadFile(fixtures.Files, zookeeperRecipe)
	if err != nil {
		return "", nil, fmt.Errorf("read recipe: %w", err)
	}
	tag := contentHash([]byte(packages), recipe)
	ref = zookeeperRepository + ":" + tag
	err = report.step("ZooKeeper image", func(t *task) error {
		held, err = e.holdImage(ctx, cache, zookeeperRepository, tag, keepPackages, t.detail, func(ctx context.Context) error {
			return e.buildImage(ctx, ref, map[string]string{"PACKAGES": packages}, []contextFile{
				{name: "Dockerfile", mode: 0o644, data: recipe},
			}, t.detail)
		})
		t.result(ref)
		return err
	})
	return ref, held, err
}
