package volume

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const noFollow = unix.O_NOFOLLOW

// space is what a file system has, in bytes.
type space struct{ total, free int64 }

func spaceOf(folder string) (space, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return space{}, fmt.Errorf("ask how full %q is: %w", folder, err)
	}
	size := int64(s.Bsize)
	// What is reserved for root is free for root only.
	return space{total: int64(s.Blocks-s.Bfree+s.Bavail) * size, free: int64(s.Bavail) * size}, nil
}

// state is what is kept of a file besides its bytes.
type state struct {
	inode uint64
	size  int64
	mtime time.Time
}

func stateOf(f *os.File) (state, error) {
	var s unix.Stat_t
	if err := unix.Fstat(int(f.Fd()), &s); err != nil {
		return state{}, fmt.Errorf("look at %q: %w", f.Name(), err)
	}
	return state{inode: s.Ino, size: s.Size, mtime: time.Unix(s.Mtim.Unix())}, nil
}

// setTime sets a file's time of change, and leaves that of access.
func setTime(f *os.File, mtime time.Time) error {
	ts := []unix.Timespec{{Nsec: unix.UTIME_OMIT}, unix.NsecToTimespec(mtime.UnixNano())}
	if err := unix.UtimesNanoAt(unix.AT_FDCWD, fmt.Sprintf("/proc/self/fd/%d", f.Fd()), ts, 0); err != nil {
		return fmt.Errorf("put back the time of %q: %w", f.Name(), err)
	}
	return nil
}

// reserve takes space for a file without writing it.
func reserve(f *os.File, from, length int64) error {
	return unix.Fallocate(int(f.Fd()), 0, from, length)
}

// probe writes one block to a file without a name.
func probe(folder string) error {
	fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	_, err = unix.Write(fd, make([]byte, 4096))
	return err
}
