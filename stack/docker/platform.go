package docker

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/fournines/fournines/fixtures"
)

// platformRecipe is the Dockerfile of the platform image.
const platformRecipe = "docker/platform.Dockerfile"

// holdPlatform makes sure that there is an image with the platform's own
// programs on top of the packages image. It stays until the lock is released.
func (e *engine) holdPlatform(ctx context.Context, report reporter, cache, packages string, program []byte) (ref string, held *fileLock, err error) {
	recipe, err := fs.ReadFile(fixtures.Files, platformRecipe)
	if err != nil {
		return "", nil, fmt.Errorf("read recipe: %w", err)
	}
	tag := contentHash([]byte(packages), recipe, program)
	ref = platformRepository + ":" + tag
	err = report.step("platform image", func(t *task) error {
		held, err = e.holdImage(ctx, cache, platformRepository, tag, 0, t.detail, func(ctx context.Context) error {
			return e.buildImage(ctx, ref, map[string]string{"PACKAGES": packages}, []contextFile{
				{name: "Dockerfile", mode: 0o644, data: recipe},
				{name: "fournines", mode: 0o755, data: program},
			}, t.detail)
		})
		t.result(ref)
		return err
	})
	return ref, held, err
}
