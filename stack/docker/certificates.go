package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack/certificate"
)

// certificates is the folder with a replica's certificates, inside.
const certificates = "/certs"

// nobodyID is the number of the user and group nobody.
const nobodyID = 65534

// certificateVolume is where a replica's certificates outlive its container.
// The engine can write into a volume of a container whose root is read-only,
// and its processes cannot: the folder belongs to root.
func (l *launcher) certificateVolume(r recipe, labels map[string]string) mount.Mount {
	return mount.Mount{
		Type: mount.TypeVolume, Source: resourceName(l.runID, r.name+"-certs"), Target: certificates,
		VolumeOptions: &mount.VolumeOptions{Labels: labels},
	}
}

// certify gives a container that has not been started its certificates, which
// its user alone can read.
func (l *launcher) certify(ctx context.Context, id string, r recipe) error {
	if len(r.hosts) == 0 {
		return nil
	}
	files, err := l.authority.Files(r.hosts)
	if err != nil {
		return err
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(files[name])), Mode: 0o400, Uid: nobodyID, Gid: nobodyID}
		if err := w.WriteHeader(&header); err != nil {
			return fmt.Errorf("pack certificates: %w", err)
		}
		if _, err := w.Write(files[name]); err != nil {
			return fmt.Errorf("pack certificates: %w", err)
		}
	}
	if err := linkServed(w, certificate.First); err != nil {
		return err
	}
	return copyArchive(ctx, l.provider.Client(), id, w, &archive)
}

// linkServed makes a variant the one that is served.
func linkServed(w *tar.Writer, variant string) error {
	header := tar.Header{Typeflag: tar.TypeSymlink, Name: certificate.ServedFile, Linkname: variant, Mode: 0o777, Uid: nobodyID, Gid: nobodyID}
	if err := w.WriteHeader(&header); err != nil {
		return fmt.Errorf("pack certificates: %w", err)
	}
	return nil
}

// copier is the part of the engine that takes files.
type copier interface {
	CopyToContainer(ctx context.Context, container string, options client.CopyToContainerOptions) (client.CopyToContainerResult, error)
}

// copyArchive ends an archive and unpacks it into a container's certificates.
func copyArchive(ctx context.Context, to copier, id string, w *tar.Writer, archive *bytes.Buffer) error {
	if err := w.Close(); err != nil {
		return fmt.Errorf("pack certificates: %w", err)
	}
	_, err := to.CopyToContainer(ctx, id, client.CopyToContainerOptions{DestinationPath: certificates, Content: archive})
	if err != nil {
		return fmt.Errorf("copy certificates to container %.12s: %w", id, err)
	}
	return nil
}
