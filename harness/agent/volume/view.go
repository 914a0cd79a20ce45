package volume

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/fournines/fournines/harness/agent"
)

// view only looks: it is what another agent than the one with the fault sees,
// as the target's user.
type view struct {
	path string
	at   func(string) (place, error)
}

// View looks at the file or folder in argument "path".
func View(args map[string]string) (agent.Effect, error) {
	return &view{path: args["path"], at: mounted}, nil
}

// Before implements agent.Effect.
func (v *view) Before(context.Context) (map[string]string, error) {
	_, err := v.at(v.path)
	return nil, err
}

// Apply implements agent.Effect: there is nothing to apply.
func (v *view) Apply(context.Context) error { return nil }

// Seen implements agent.Effect. Of a folder it counts "free" and "total" bytes
// and "refused", which is 1 when a write is refused for want of space; of a
// file "size" and the "mtime", and its detail is the bytes' sum and the mode. Of
// what is not there it counts "missing" only.
func (v *view) Seen(context.Context) (agent.Seen, error) {
	info, err := os.Lstat(v.path)
	if missing(err) {
		return agent.Seen{Counters: map[string]int64{"missing": 1}, Detail: "nothing is there"}, nil
	}
	if err != nil {
		return agent.Seen{}, fmt.Errorf("look at %q: %w", v.path, err)
	}
	if info.IsDir() {
		s, err := spaceOf(v.path)
		if err != nil {
			return agent.Seen{}, err
		}
		seen := agent.Seen{Counters: map[string]int64{"free": s.free, "total": s.total, "refused": 0}}
		switch err := probe(v.path); {
		case errors.Is(err, syscall.ENOSPC):
			seen.Counters["refused"] = 1
		case err != nil:
			seen.Detail = fmt.Sprintf("the target's user cannot write to %q: %v", v.path, err)
		}
		return seen, nil
	}
	f, s, err := (&corrupt{path: v.path, at: v.at}).open(os.O_RDONLY)
	if err != nil {
		return agent.Seen{}, err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return agent.Seen{}, fmt.Errorf("read %q: %w", v.path, err)
	}
	return agent.Seen{
		Counters: map[string]int64{"size": s.size, "mtime": s.mtime.UnixNano()},
		Detail:   fmt.Sprintf("%x %s", sum.Sum(nil), info.Mode()),
	}, nil
}

// Undo implements agent.Effect.
func (v *view) Undo(context.Context, map[string]string) error { return nil }
