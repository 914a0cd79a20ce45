package volume

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/fournines/fournines/harness/agent"
)

// fillName is the file that takes the space. It begins with a dot, so that
// programs that read their folder pass over it.
const fillName = ".fournines-fill"

const (
	// mostSpace is the largest file system that is filled, mostTmpfs how much of
	// the machine's memory: an agent may use 512 MiB itself.
	mostSpace = 16 << 30
	mostTaken = 384 << 20
	fillStep  = 1 << 20
)

// fill takes space of a file system that is the target's own.
type fill struct {
	path    string
	percent float64
	at      func(string) (place, error)
	applied bool
}

// Fill makes the file system of the folder in argument "path" full to argument
// "percent".
func Fill(args map[string]string) (agent.Effect, error) {
	percent, err := strconv.ParseFloat(args["percent"], 64)
	if err != nil || !(percent > 0 && percent <= 100) {
		return nil, fmt.Errorf("argument \"percent\": want a number above 0 and up to 100, saw %q", args["percent"])
	}
	return &fill{path: args["path"], percent: percent, at: mounted}, nil
}

// file is where the space is taken: in the folder that was named.
func (f *fill) file() string { return filepath.Join(f.path, fillName) }

// Before implements agent.Effect.
func (f *fill) Before(context.Context) (map[string]string, error) {
	p, err := f.at(f.path)
	if err != nil {
		return nil, err
	}
	s, err := spaceOf(f.path)
	if err != nil {
		return nil, err
	}
	if !p.whole || s.total > mostSpace {
		return nil, fmt.Errorf("expected a volume with a file system of its own of at most %d bytes, saw %q (own: %v, %d bytes): filling it would fill the machine's disk; give the target a volume of its own, such as `docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=64m NAME`: %w", int64(mostSpace), p.volume, p.whole, s.total, errors.ErrUnsupported)
	}
	if _, err := os.Lstat(f.file()); err == nil {
		return nil, fmt.Errorf("expected nothing at %q, saw what a dead run left; `fournines heal` removes it", f.file())
	}
	want := f.want(s)
	if want <= 0 {
		return nil, fmt.Errorf("expected a file system that is less than %v %% full, saw one with %d of %d bytes free", f.percent, s.free, s.total)
	}
	if want > mostTaken {
		return nil, fmt.Errorf("expected at most %d bytes to take, saw %d; make the volume smaller", int64(mostTaken), want)
	}
	return map[string]string{"file": f.file()}, nil
}

// want is how much has to be taken.
func (f *fill) want(s space) int64 {
	return s.free - int64(float64(s.total)*(1-f.percent/100))
}

// Apply implements agent.Effect.
func (f *fill) Apply(context.Context) error {
	s, err := spaceOf(f.path)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(f.file(), os.O_CREATE|os.O_EXCL|os.O_WRONLY|noFollow, 0o600)
	if err != nil {
		return fmt.Errorf("take space as the target's user: %w", err)
	}
	defer file.Close()
	f.applied = true
	want := f.want(s)
	step := int64(fillStep)
	for taken := int64(0); taken < want; {
		err := reserve(file, taken, min(step, want-taken))
		switch {
		case err == nil:
			taken += min(step, want-taken)
		case errors.Is(err, syscall.ENOSPC) && f.percent < 100:
			return nil // somebody else took it meanwhile
		case errors.Is(err, syscall.ENOSPC) && step > 4096:
			step /= 2 // the rest
		case errors.Is(err, syscall.ENOSPC):
			return nil
		default:
			return fmt.Errorf("take %d bytes of space: %w", want, err)
		}
	}
	return nil
}

// Seen implements agent.Effect.
func (f *fill) Seen(context.Context) (agent.Seen, error) {
	s, err := spaceOf(f.path)
	if err != nil {
		return agent.Seen{}, err
	}
	return agent.Seen{Active: f.applied, Counters: map[string]int64{"free": s.free, "total": s.total}, Detail: fmt.Sprintf("%d of %d bytes free", s.free, s.total)}, nil
}

// Undo implements agent.Effect.
func (f *fill) Undo(_ context.Context, before map[string]string) error {
	if before["file"] == "" {
		return nil
	}
	if err := os.Remove(f.file()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("give the space back: %w", err)
	}
	f.applied = false
	return nil
}
