package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// errLocked means that another process holds a lock.
var errLocked = errors.New("locked by another process")

// fileLock is an advisory lock that ends with the process that holds it,
// however that process ends.
type fileLock struct{ file *os.File }

// lockMode is whether a lock may be shared.
type lockMode int

const (
	shared    lockMode = unix.LOCK_SH
	exclusive lockMode = unix.LOCK_EX
)

// tryLock takes the lock on path, which is created when it does not exist and
// create is true. The error wraps errLocked when somebody else holds it, and
// os.ErrNotExist when there is no such file.
func tryLock(path string, mode lockMode, create bool) (*fileLock, error) {
	for {
		l, err := openLock(path, mode, create)
		if err != nil {
			return nil, fmt.Errorf("lock %q: %w", path, err)
		}
		// Whoever held it before may have removed the file between our opening
		// and locking it; a lock on a removed file is seen by nobody.
		if l.current() {
			return l, nil
		}
		_ = l.release() // nothing was written to it
	}
}

func openLock(path string, mode lockMode, create bool) (*fileLock, error) {
	flags := os.O_RDWR
	if create {
		flags |= os.O_CREATE
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(path, flags, 0o644)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(file.Fd()), int(mode)|unix.LOCK_NB); err != nil {
		file.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			err = errLocked
		}
		return nil, err
	}
	return &fileLock{file}, nil
}

// current reports whether the lock is on the file that its path names now.
func (l *fileLock) current() bool {
	held, err := l.file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(l.file.Name())
	return err == nil && os.SameFile(held, named)
}

// lock is tryLock that waits until ctx is done. waiting is called once if it
// has to wait.
func lock(ctx context.Context, path string, mode lockMode, waiting func()) (*fileLock, error) {
	for told := false; ; {
		l, err := tryLock(path, mode, true)
		if !errors.Is(err, errLocked) {
			return l, err
		}
		if !told {
			told = true
			waiting()
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%w: %w", err, context.Cause(ctx))
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// note is what the lock's holder wrote into it.
func (l *fileLock) note() (string, error) {
	raw, err := io.ReadAll(io.NewSectionReader(l.file, 0, 1024))
	return string(raw), err
}

// write replaces the lock's note.
func (l *fileLock) write(note string) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(note), 0)
	return err
}

// release gives the lock up; the file stays. Doing it twice is no error.
func (l *fileLock) release() error {
	if err := l.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("release lock %q: %w", l.file.Name(), err)
	}
	return nil
}

// remove gives the lock up and removes its file.
func (l *fileLock) remove() error {
	err := os.Remove(l.file.Name())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, l.release())
}
