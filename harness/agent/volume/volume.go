// Package volume spoils the volumes of a target: it fills them, damages a file or
// cuts one off, and puts everything back. It runs as the target's user.
package volume

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// place is a file or folder within one of the target's volumes.
type place struct {
	// volume is where it is mounted, whole is true when the volume is a file
	// system and not a folder of one that others use.
	volume string
	whole  bool
	// below is the path within it; "." is the volume itself.
	below string
}

// find says in which volume an absolute path is. mounts is proc's mountinfo.
func find(mounts, name string) (place, error) {
	if !path.IsAbs(name) || path.Clean(name) != name {
		return place{}, fmt.Errorf("expected an absolute path without \"..\", saw %q", name)
	}
	var best place
	var known []string
	for line := range strings.Lines(mounts) {
		f := strings.Fields(line)
		if len(f) < 5 || !isVolume(f[4]) {
			continue
		}
		known = append(known, f[4])
		if below, ok := strings.CutPrefix(name+"/", f[4]+"/"); ok && len(f[4]) >= len(best.volume) {
			best = place{volume: f[4], whole: f[3] == "/", below: path.Clean("./" + below)}
		}
	}
	if best.volume == "" {
		return best, fmt.Errorf("expected a path within one of the target's volumes (%s), saw %q; what is not in a volume cannot be reached from beside the target", strings.Join(known, ", "), name)
	}
	return best, nil
}

// isVolume is false for what an engine mounts into every container.
func isVolume(mount string) bool {
	switch mount {
	case "/", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf":
		return false
	}
	for _, system := range []string{"/proc", "/sys", "/dev", "/cgroup"} {
		if mount == system || strings.HasPrefix(mount, system+"/") {
			return false
		}
	}
	return true
}

// mounted is find with this process's mounts.
func mounted(name string) (place, error) {
	raw, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return place{}, fmt.Errorf("read which volumes there are: %w", err)
	}
	return find(string(raw), name)
}

// open opens an ordinary file. A symbolic link anywhere below the volume is
// refused: it could lead to something else by the time of the undo.
func (p place) open(flag int) (*os.File, error) {
	root, err := os.OpenRoot(p.volume)
	if err != nil {
		return nil, fmt.Errorf("open volume %q: %w", p.volume, err)
	}
	defer root.Close()
	soFar := ""
	for part := range strings.SplitSeq(p.below, "/") {
		soFar = path.Join(soFar, part)
		info, err := root.Lstat(soFar)
		if err != nil {
			return nil, fmt.Errorf("look at %q in volume %q: %w", soFar, p.volume, err)
		}
		if info.Mode()&fs.ModeSymlink != 0 {
			return nil, fmt.Errorf("expected no symbolic link on the way to %q, saw one at %q; name the file itself", p.below, soFar)
		}
		if soFar == p.below && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("expected an ordinary file at %q in volume %q, saw %s", p.below, p.volume, info.Mode())
		}
	}
	f, err := root.OpenFile(p.below, flag|noFollow, 0)
	if err != nil {
		return nil, fmt.Errorf("open %q in volume %q as the target's user: %w", p.below, p.volume, err)
	}
	return f, nil
}

// missing reports whether an error means that the file is not there any more.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
