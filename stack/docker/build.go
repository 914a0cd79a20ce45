package docker

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/moby/moby/api/types/build"
	"github.com/moby/moby/client"
)

// contextFile is one file of a build's context.
type contextFile struct {
	name string
	mode int64
	data []byte
}

// contextTree returns the files under the roots as they are to be in a build's
// context: below the directory under.
func contextTree(files fs.FS, under string, roots ...string) ([]contextFile, error) {
	var out []contextFile
	for _, root := range roots {
		err := fs.WalkDir(files, root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			raw, err := fs.ReadFile(files, path)
			out = append(out, contextFile{name: under + "/" + path, mode: 0o644, data: raw})
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("read %q: %w", root, err)
		}
	}
	return out, nil
}

// buildImage builds ref with the engine's classic builder, which every engine
// has. say gets the build's output line by line; a failed build's error ends
// with the last lines.
func (e *engine) buildImage(ctx context.Context, ref string, args map[string]string, files []contextFile, say func(string)) error {
	arguments := make(map[string]*string, len(args))
	for k, v := range args {
		arguments[k] = &v
	}
	// The context is written while the engine reads it.
	r, w := io.Pipe()
	go func() { w.CloseWithError(writeContext(w, files)) }()
	defer r.Close()
	result, err := e.api.ImageBuild(ctx, r, client.ImageBuildOptions{
		Tags:        []string{ref},
		Version:     build.BuilderV1,
		Remove:      true,
		ForceRemove: true,
		BuildArgs:   arguments,
	})
	if err != nil {
		return fmt.Errorf("build image %q: %w", ref, err)
	}
	defer result.Body.Close()
	if err := follow(result.Body, say); err != nil {
		return fmt.Errorf("build image %q: %w", ref, err)
	}
	return nil
}

func writeContext(w io.Writer, files []contextFile) error {
	t := tar.NewWriter(w)
	// Sorted, so that equal contexts are equal to the engine's build cache.
	for _, f := range slices.SortedFunc(slices.Values(files), func(a, b contextFile) int { return strings.Compare(a.name, b.name) }) {
		if err := t.WriteHeader(&tar.Header{Name: f.name, Mode: f.mode, Size: int64(len(f.data))}); err != nil {
			return err
		}
		if _, err := t.Write(f.data); err != nil {
			return err
		}
	}
	return errors.Join(t.Close())
}
