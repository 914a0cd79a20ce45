package docker

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"
	"golang.org/x/sys/unix"
)

const (
	// xfsSize is how much a backup can hold. The file behind it takes what was
	// written, and no more.
	xfsSize = 8 << 30
	// xfsAttempts is how many loop devices are tried: others take them as well.
	xfsAttempts = 5
)

// xfsVolume makes an XFS, in which files can share their blocks, in a file of
// the run's folder, and returns the loop device that shows it. The engine mounts
// it for a container and nobody else does. It needs root and an engine on this
// machine; an error means that a plain volume has to do. dropDevices takes the
// device back.
func (l *launcher) xfsVolume(ctx context.Context, image, name string) (device string, err error) {
	control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer control.Close()
	if err := os.MkdirAll(l.dir, 0o755); err != nil {
		return "", err
	}
	path := filepath.Join(l.dir, name+".xfs")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return "", err
	}
	defer func() {
		if file.Close(); err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := file.Truncate(xfsSize); err != nil {
		return "", err
	}
	if err := l.format(ctx, image, path); err != nil {
		return "", err
	}
	return attachLoop(int(control.Fd()), file)
}

// format makes the filesystem with the program in the image. Its root belongs
// to the user that the platform's programs run as.
func (l *launcher) format(ctx context.Context, image, path string) (err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), enginePatience)
	defer cancel()
	const inside = "/volume.xfs"
	const prototype = `printf '/dev/null\n0 0\nd--755 65534 65534\n$\n' > /tmp/root && exec mkfs.xfs -q -f -m reflink=1 -p /tmp/root ` + inside
	created, err := l.engine.api.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config: &container.Config{Image: image, Cmd: []string{"sh", "-c", prototype}, User: "0:0", Labels: maps.Clone(l.labels)},
		HostConfig: &container.HostConfig{
			NetworkMode: "none", CapDrop: []string{"ALL"}, SecurityOpt: []string{"no-new-privileges"}, ReadonlyRootfs: true,
			Tmpfs:  map[string]string{"/tmp": "rw,noexec,nosuid,nodev,size=1m"},
			Mounts: []mount.Mount{{Type: mount.TypeBind, Source: path, Target: inside}},
		},
	})
	if err != nil {
		return fmt.Errorf("make an XFS: %w", err)
	}
	defer func() { err = errors.Join(err, l.engine.kill(created.ID)) }()
	ended := l.engine.api.ContainerWait(ctx, created.ID, client.ContainerWaitOptions{Condition: container.WaitConditionNextExit})
	if _, err := l.engine.api.ContainerStart(ctx, created.ID, client.ContainerStartOptions{}); err != nil {
		return fmt.Errorf("make an XFS: %w", err)
	}
	select {
	case err := <-ended.Error:
		return fmt.Errorf("make an XFS: %w", err)
	case exit := <-ended.Result:
		if exit.StatusCode != 0 {
			return fmt.Errorf("make an XFS: want exit code 0, saw %d", exit.StatusCode)
		}
		return nil
	}
}

// attachLoop shows a file as a loop device. The kernel holds the file from then
// on.
func attachLoop(control int, file *os.File) (string, error) {
	var err error
	for range xfsAttempts {
		var n int
		if n, err = unix.IoctlRetInt(control, unix.LOOP_CTL_GET_FREE); err != nil {
			break
		}
		device := fmt.Sprintf("/dev/loop%d", n)
		if err = configureLoop(device, file); err == nil {
			return device, nil
		}
		if !errors.Is(err, unix.EBUSY) {
			break
		}
	}
	return "", fmt.Errorf("show %q as a device: %w", file.Name(), err)
}

func configureLoop(device string, file *os.File) error {
	d, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.IoctlLoopConfigure(int(d.Fd()), &unix.LoopConfig{Fd: uint32(file.Fd())})
}

// dropDevices takes back the loop devices that show files of a run's folder.
// What is mounted stays until it is not.
func dropDevices(dir string) error {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	found, err := filepath.Glob("/sys/block/loop*/loop/backing_file")
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range found {
		raw, err := os.ReadFile(f)
		path := strings.TrimSuffix(strings.TrimSpace(string(raw)), " (deleted)")
		if err != nil || filepath.Dir(path) != dir {
			continue // gone meanwhile, or somebody else's
		}
		errs = append(errs, dropLoop("/dev/"+filepath.Base(filepath.Dir(filepath.Dir(f)))))
	}
	return errors.Join(errs...)
}

func dropLoop(device string) error {
	d, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return fmt.Errorf("take back a loop device: %w", err)
	}
	defer d.Close()
	if err := unix.IoctlSetInt(int(d.Fd()), unix.LOOP_CLR_FD, 0); err != nil && !errors.Is(err, unix.ENXIO) {
		return fmt.Errorf("take back %s: %w", device, err)
	}
	return nil
}
