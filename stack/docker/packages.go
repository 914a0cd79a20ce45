package docker

import (
	"context"
	"fmt"
	"io/fs"
	"time"

	"github.com/fournines/fournines/fixtures"
)

// keepPackages is how long a superseded packages image stays: switching
// between two versions of fournines does not install everything again.
const keepPackages = 7 * 24 * time.Hour

// packagesRecipe is the Dockerfile of the packages image, and packagesTrees
// what it copies.
const packagesRecipe = "docker/packages.Dockerfile"

var packagesTrees = []string{"alertmanager", "haproxy", "prometheus"}

// packagesTag names the packages image by its content.
func packagesTag() (string, error) {
	contents, err := treeContents(fixtures.Files, append([]string{packagesRecipe}, packagesTrees...)...)
	if err != nil {
		return "", err
	}
	return contentHash(contents...), nil
}

// holdPackages makes sure that there is an image with everything that comes
// from Debian, configured. It stays until the lock is released.
func (e *engine) holdPackages(ctx context.Context, report reporter, cache string) (ref string, held *fileLock, err error) {
	tag, err := packagesTag()
	if err != nil {
		return "", nil, err
	}
	ref = packagesRepository + ":" + tag
	err = report.step("packages image", func(t *task) error {
		held, err = e.holdImage(ctx, cache, packagesRepository, tag, keepPackages, t.detail, func(ctx context.Context) error {
			base, err := e.ensureBase(ctx, report, cache)
			if err != nil {
				return err
			}
			return e.buildPackages(ctx, ref, base, t.detail)
		})
		t.result(ref)
		return err
	})
	return ref, held, err
}

func (e *engine) buildPackages(ctx context.Context, ref, base string, say func(string)) error {
	recipe, err := fs.ReadFile(fixtures.Files, packagesRecipe)
	if err != nil {
		return fmt.Errorf("read recipe: %w", err)
	}
	files, err := contextTree(fixtures.Files, "config", packagesTrees...)
	if err != nil {
		return err
	}
	files = append(files, contextFile{name: "Dockerfile", mode: 0o644, data: recipe})
	return e.buildImage(ctx, ref, map[string]string{"BASE": base}, files, say)
}
