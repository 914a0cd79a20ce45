package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/moby/moby/client"
)

// debianSuite is the release that the base image is made of, from the mirror
// that the machine's debootstrap uses.
const debianSuite = "bookworm"

// bootstrap makes a Debian image from Debian's packages alone: no registry is
// needed. It needs root, for the files' owners.
func (e *engine) bootstrap(ctx context.Context, cache, ref string, say func(string)) (err error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != e.arch {
		return fmt.Errorf("debootstrap makes images of its own platform only, this is %s/%s and the engine wants linux/%s; "+
			"load the image %q into the engine by hand", runtime.GOOS, runtime.GOARCH, e.arch, officialBase)
	}
	if os.Geteuid() != 0 {
		return fmt.Errorf("debootstrap needs root; run `sudo fournines up` once, or load the image %q into the engine by hand", officialBase)
	}
	program, err := findDebootstrap(ctx, say)
	if err != nil {
		return err
	}
	// The caller holds the lock on the packages image: what is here was left
	// by a process that was killed.
	root := filepath.Join(cache, "bootstrap")
	if err := os.RemoveAll(root); err != nil {
		return fmt.Errorf("clear the place for debootstrap: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(root)) }()
	say("running debootstrap")
	if err := runProgram(ctx, say, true, program, "--variant=minbase", debianSuite, root); err != nil {
		return err
	}
	say("importing the image into the engine")
	return e.importTree(ctx, root, ref, say)
}

// importTree makes an image of the files below root. What only a running
// system or a package manager needs stays out.
func (e *engine) importTree(ctx context.Context, root, ref string, say func(string)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pack := exec.CommandContext(ctx, "tar", "-C", root, "--numeric-owner", "--one-file-system",
		"--exclude=./dev/*", "--exclude=./proc/*", "--exclude=./sys/*", "--exclude=./debootstrap",
		"--exclude=./var/cache/apt/*", "--exclude=./var/lib/apt/lists/*", "--exclude=./usr/share/doc/*",
		"--exclude=./usr/share/man/*", "--exclude=./usr/share/locale/*", "-c", ".")
	var complaint strings.Builder
	pack.Stderr = &complaint
	archive, err := pack.StdoutPipe()
	if err != nil {
		return fmt.Errorf("pack %q: %w", root, err)
	}
	if err := pack.Start(); err != nil {
		return fmt.Errorf("pack %q: %w", root, err)
	}
	result, err := e.api.ImageImport(ctx, client.ImageImportSource{Source: archive, SourceName: "-"}, ref,
		client.ImageImportOptions{Changes: []string{`CMD ["/bin/bash"]`, "LABEL " + labelImage + "=true"}})
	if err == nil {
		err = follow(result, say)
		result.Close()
	}
	if err != nil {
		cancel() // or tar would wait for a reader
		_ = pack.Wait()
		return fmt.Errorf("import %q: %w", ref, err)
	}
	if err := pack.Wait(); err != nil {
		return fmt.Errorf("pack %q: %w: %s", root, err, strings.TrimSpace(complaint.String()))
	}
	return nil
}
