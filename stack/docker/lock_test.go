package docker

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func mustLock(t *testing.T, path string, mode lockMode) *fileLock {
	t.Helper()
	l, err := tryLock(path, mode, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.release() })
	return l
}

func TestLock(t *testing.T) {
	fresh := func(t *testing.T) string { return filepath.Join(t.TempDir(), "deep", "x.lock") }

	t.Run("an exclusive lock keeps everybody else out until it is released", func(t *testing.T) {
		path := fresh(t)
		l := mustLock(t, path, exclusive)
		for _, mode := range []lockMode{shared, exclusive} {
			if _, err := tryLock(path, mode, true); !errors.Is(err, errLocked) {
				t.Errorf("second lock in mode %d: %v, want errLocked", mode, err)
			}
		}
		if err := l.release(); err != nil {
			t.Fatal(err)
		}
		mustLock(t, path, exclusive)
	})
	t.Run("a shared lock lets others share and keeps an exclusive one out", func(t *testing.T) {
		path := fresh(t)
		mustLock(t, path, shared)
		mustLock(t, path, shared)
		if _, err := tryLock(path, exclusive, true); !errors.Is(err, errLocked) {
			t.Errorf("exclusive beside shared: %v, want errLocked", err)
		}
	})
	t.Run("a lock that does not exist is not made unless asked", func(t *testing.T) {
		path := fresh(t)
		if _, err := tryLock(path, exclusive, false); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("lock of a missing file: %v, want os.ErrNotExist", err)
		}
	})
	t.Run("a removed lock is free, and removing or releasing it again is no error", func(t *testing.T) {
		path := fresh(t)
		l := mustLock(t, path, exclusive)
		if err := errors.Join(l.remove(), l.remove(), l.release()); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the file is still there: %v", err)
		}
	})
	t.Run("a lock on a file that was removed meanwhile does not count", func(t *testing.T) {
		path := fresh(t)
		l := mustLock(t, path, exclusive)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if l.current() {
			t.Error("the lock says that it is on the file at its path, which is gone")
		}
		mustLock(t, path, exclusive)
		if l.current() {
			t.Error("the lock says that it is on the file at its path, which is another one")
		}
	})
	t.Run("the note is what was written last", func(t *testing.T) {
		l := mustLock(t, fresh(t), exclusive)
		for _, text := range []string{"a longer note", noteKept} {
			if err := l.write(text); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := l.note(); err != nil || got != noteKept {
			t.Errorf("note = %q, %v, want %q", got, err, noteKept)
		}
	})
	t.Run("waiting ends when the lock is free, and says that it waits", func(t *testing.T) {
		path := fresh(t)
		held := mustLock(t, path, exclusive)
		said := 0
		l, err := lock(t.Context(), path, shared, func() {
			said++
			_ = held.release()
		})
		if err != nil || said != 1 {
			t.Fatalf("lock: %v, said %d times that it waits, want once", err, said)
		}
		_ = l.release()
	})
	t.Run("waiting ends with its context", func(t *testing.T) {
		path := fresh(t)
		mustLock(t, path, exclusive)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := lock(ctx, path, exclusive, cancel)
		if !errors.Is(err, context.Canceled) || !errors.Is(err, errLocked) {
			t.Errorf("lock = %v, want an error that is both errLocked and context.Canceled", err)
		}
	})
}
