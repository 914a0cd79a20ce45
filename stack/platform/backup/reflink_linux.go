package backup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// canReflink reports whether the volume of a folder lets files share their
// blocks, as XFS and btrfs do.
func canReflink(folder string) bool {
	from, to := filepath.Join(folder, ".reflink-from"), filepath.Join(folder, ".reflink-to")
	defer os.Remove(from) //nolint:errcheck // a few bytes
	defer os.Remove(to)   //nolint:errcheck // a few bytes
	return os.WriteFile(from, make([]byte, 4096), 0o600) == nil && cloneFile(from, to, 0o600) == nil
}

// cloneFile makes a file that shares all blocks of another.
func cloneFile(from, to string, mode os.FileMode) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := unix.IoctlFileClone(int(out.Fd()), int(in.Fd())); err != nil {
		return fmt.Errorf("let %q share the blocks of %q: %w", to, from, err)
	}
	return nil
}

// shareFile puts a file that shares all blocks of another in the place of one
// with the same bytes.
func shareFile(from, to string) error {
	info, err := os.Stat(to)
	if err != nil {
		return err
	}
	clone := to + ".clone"
	if err := cloneFile(from, clone, info.Mode()); err != nil {
		return err
	}
	return errors.Join(os.Chtimes(clone, info.ModTime(), info.ModTime()), os.Rename(clone, to))
}

// filesystem names what a folder is on.
func filesystem(folder string) string {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return "unknown"
	}
	switch s.Type {
	case unix.XFS_SUPER_MAGIC:
		return "xfs"
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs"
	case unix.EXT4_SUPER_MAGIC:
		return "ext4"
	case unix.TMPFS_MAGIC:
		return "tmpfs"
	}
	return fmt.Sprintf("type %#x", s.Type)
}

// space is the size of the volume and what is free of it, in bytes.
func space(folder string) (total, free uint64) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, 0
	}
	return s.Blocks * uint64(s.Bsize), s.Bavail * uint64(s.Bsize)
}
