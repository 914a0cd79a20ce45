package volume

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

const (
	// savedSuffix names the file beside the target's that holds what was cut
	// off; it begins with a dot too.
	savedPrefix, savedSuffix = ".", ".fournines-saved"
	// mostSaved is how much is cut off at most.
	mostSaved = 256 << 20
)

// truncate cuts the end of one file off.
type truncate struct {
	path string
	to   int64
	at   func(string) (place, error)
	cut  bool
}

// Truncate cuts the file "path" off after argument "to" bytes.
func Truncate(args map[string]string) (agent.Effect, error) {
	to, err := strconv.ParseInt(args["to"], 10, 64)
	if err != nil || to < 0 {
		return nil, fmt.Errorf("argument \"to\": want a number of bytes, saw %q", args["to"])
	}
	return &truncate{path: args["path"], to: to, at: mounted}, nil
}

func (t *truncate) saved() string {
	return filepath.Join(filepath.Dir(t.path), savedPrefix+filepath.Base(t.path)+savedSuffix)
}

func (t *truncate) open(flag int) (*os.File, state, error) {
	return (&corrupt{path: t.path, at: t.at}).open(flag)
}

// Before implements agent.Effect.
func (t *truncate) Before(context.Context) (map[string]string, error) {
	f, s, err := t.open(os.O_RDWR)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	room, err := spaceOf(filepath.Dir(t.path))
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(t.saved()); err == nil {
		return nil, fmt.Errorf("expected nothing at %q, saw what a dead run left; `fournines heal` puts it back", t.saved())
	}
	switch cut := s.size - t.to; {
	case cut <= 0:
		return nil, fmt.Errorf("expected a file of more than %d bytes at %q, saw %d", t.to, t.path, s.size)
	case cut > mostSaved:
		return nil, fmt.Errorf("expected at most %d bytes to cut off and keep, saw %d; cut off less", int64(mostSaved), cut)
	case cut > room.free:
		return nil, fmt.Errorf("expected room for the %d bytes that are cut off beside %q, saw %d", cut, t.path, room.free)
	}
	return map[string]string{
		"inode": fmt.Sprint(s.inode), "size": fmt.Sprint(s.size), "mtime": s.mtime.Format(time.RFC3339Nano),
	}, nil
}

// Apply implements agent.Effect: what is cut off is safe on disk before.
func (t *truncate) Apply(context.Context) error {
	f, s, err := t.open(os.O_RDWR)
	if err != nil {
		return err
	}
	defer f.Close()
	side, err := os.OpenFile(t.saved(), os.O_CREATE|os.O_EXCL|os.O_WRONLY|noFollow, 0o600)
	if err != nil {
		return fmt.Errorf("keep what is cut off beside %q as the target's user: %w", t.path, err)
	}
	n, err := io.Copy(side, io.NewSectionReader(f, t.to, s.size-t.to))
	if err == nil && n != s.size-t.to {
		err = fmt.Errorf("kept %d of %d bytes", n, s.size-t.to)
	}
	if err := errors.Join(err, side.Sync(), side.Close()); err != nil {
		return fmt.Errorf("keep what is cut off of %q: %w", t.path, err)
	}
	if err := f.Truncate(t.to); err != nil {
		return fmt.Errorf("cut %q off: %w", t.path, err)
	}
	t.cut = true
	return setTime(f, s.mtime)
}

// Seen implements agent.Effect.
func (t *truncate) Seen(context.Context) (agent.Seen, error) {
	f, s, err := t.open(os.O_RDONLY)
	if err != nil {
		return agent.Seen{}, err
	}
	defer f.Close()
	return agent.Seen{Active: t.cut, Counters: map[string]int64{"size": s.size}, Detail: fmt.Sprintf("%d bytes", s.size)}, nil
}

// Undo implements agent.Effect. What the target has written since, behind the
// cut, stays; the rest is put back after it.
func (t *truncate) Undo(_ context.Context, before map[string]string) error {
	size, err := strconv.ParseInt(before["size"], 10, 64)
	if err != nil {
		return fmt.Errorf("read how long %q was: %w", t.path, err)
	}
	mtime, err := time.Parse(time.RFC3339Nano, before["mtime"])
	if err != nil {
		return fmt.Errorf("read when %q was changed: %w", t.path, err)
	}
	side, err := os.OpenFile(t.saved(), os.O_RDONLY|noFollow, 0)
	if missing(err) {
		return nil // nothing was cut off, or it is back
	}
	if err != nil {
		return fmt.Errorf("read what was cut off of %q: %w", t.path, err)
	}
	defer side.Close()
	f, s, err := t.open(os.O_RDWR)
	if err != nil && !missing(err) {
		return err
	}
	if err == nil {
		defer f.Close()
		if fmt.Sprint(s.inode) == before["inode"] && s.size < size && s.size >= t.to {
			if err := putBack(f, side, s, t.to, size, mtime); err != nil {
				return fmt.Errorf("restore %q: %w", t.path, err)
			}
		}
	}
	t.cut = false
	if err := os.Remove(t.saved()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove what was kept of %q: %w", t.path, err)
	}
	return nil
}

// putBack appends what is missing from the present end up to size.
func putBack(f, side *os.File, s state, to, size int64, mtime time.Time) error {
	kept, err := stateOf(side)
	if err != nil {
		return err
	}
	if kept.size != size-to {
		return nil // it was not complete, so nothing was cut off
	}
	if _, err := io.Copy(io.NewOffsetWriter(f, s.size), io.NewSectionReader(side, s.size-to, size-s.size)); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if !s.mtime.Equal(mtime) {
		return nil // the target has written since
	}
	return setTime(f, mtime)
}
