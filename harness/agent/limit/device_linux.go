package limit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// deviceOf is the number of the disk that a folder is on: "254:0". Limits are
// those of whole disks, not of partitions.
func deviceOf(folder string) (string, error) {
	var s unix.Stat_t
	if err := unix.Stat(folder, &s); err != nil {
		return "", fmt.Errorf("find the disk of %q: %w", folder, err)
	}
	number := fmt.Sprintf("%d:%d", unix.Major(s.Dev), unix.Minor(s.Dev))
	sys, err := filepath.EvalSymlinks("/sys/dev/block/" + number)
	if err != nil {
		return "", fmt.Errorf("expected %q on a disk, saw device %s, which is none (a tmpfs, an overlay, a file system of several disks): %w", folder, number, errors.ErrUnsupported)
	}
	if _, err := os.Stat(filepath.Join(sys, "partition")); err != nil {
		return number, nil
	}
	raw, err := os.ReadFile(filepath.Join(filepath.Dir(sys), "dev"))
	if err != nil {
		return "", fmt.Errorf("find the disk of partition %s: %w", number, err)
	}
	return strings.TrimSpace(string(raw)), nil
}
