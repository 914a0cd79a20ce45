package volume

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/fournines/fournines/harness/agent"
)

// hiddenPrefix and hiddenSuffix make the name under which something is kept
// that is lost to the target.
const hiddenPrefix, hiddenSuffix = ".", ".fournines-lost"

// hide takes files or a folder away from the target. They are kept beside
// their place under a name that the target does not know: to it they are as
// good as deleted.
type hide struct {
	path   string
	choice *choice
	at     func(string) (place, error)
	lost   []string
}

// Hide takes "path" away; with argument "choose" the file that is chosen below
// it, and every other of that name below it.
func Hide(args map[string]string) (agent.Effect, error) {
	c, err := chooseFrom(args)
	return &hide{path: args["path"], choice: c, at: mounted}, err
}

func hidden(path string) string {
	return filepath.Join(filepath.Dir(path), hiddenPrefix+filepath.Base(path)+hiddenSuffix)
}

// Before implements agent.Effect.
func (h *hide) Before(context.Context) (map[string]string, error) {
	p, err := h.at(h.path)
	if err != nil {
		return nil, err
	}
	if p.below == "." && h.choice == nil {
		return nil, fmt.Errorf("expected a path below the volume, saw the volume %q itself", h.path)
	}
	if h.lost, err = h.find(); err != nil {
		return nil, err
	}
	for _, path := range h.lost {
		if _, err := os.Lstat(hidden(path)); err == nil {
			return nil, fmt.Errorf("expected nothing at %q, saw what a dead run left; `fournines heal` puts it back", hidden(path))
		}
	}
	raw, err := json.Marshal(h.lost)
	return map[string]string{"lost": string(raw), "path": h.lost[0]}, err
}

// find lists what is taken away.
func (h *hide) find() ([]string, error) {
	if h.choice == nil {
		_, err := os.Lstat(h.path)
		return []string{h.path}, err
	}
	first, err := h.choice.in(h.path)
	if err != nil {
		return nil, err
	}
	all := []string{first}
	err = filepath.WalkDir(h.path, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != h.path:
			return fs.SkipDir
		case path != first && entry.Name() == filepath.Base(first):
			all = append(all, path)
		}
		return nil
	})
	return all, err
}

// Apply implements agent.Effect.
func (h *hide) Apply(context.Context) error {
	for i, path := range h.lost {
		if err := os.Rename(path, hidden(path)); err != nil {
			for _, back := range h.lost[:i] {
				err = errors.Join(err, os.Rename(hidden(back), back))
			}
			return fmt.Errorf("take %q away as the target's user: %w", path, err)
		}
	}
	return nil
}

// Seen implements agent.Effect: "lost" is how many are taken away, "again" how
// many of them have come back by themselves.
func (h *hide) Seen(context.Context) (agent.Seen, error) {
	var lost, again int64
	for _, path := range h.lost {
		if _, err := os.Lstat(hidden(path)); err != nil {
			continue
		}
		lost++
		if _, err := os.Lstat(path); err == nil {
			again++
		}
	}
	return agent.Seen{
		Active: lost > 0 && lost == int64(len(h.lost)), Counters: map[string]int64{"lost": lost, "again": again},
		Detail: fmt.Sprintf("%d of %d taken away, %d there again", lost, len(h.lost), again),
	}, nil
}

// Undo implements agent.Effect. What has come back by itself stays, and what
// was kept of it is removed; the rest is put back.
func (h *hide) Undo(_ context.Context, before map[string]string) error {
	var lost []string
	if err := json.Unmarshal([]byte(before["lost"]), &lost); err != nil {
		return fmt.Errorf("read what was taken away below %q: %w", h.path, err)
	}
	var errs []error
	for _, path := range lost {
		if p, err := h.at(path); err != nil || p.below == "." {
			errs = append(errs, fmt.Errorf("put %q back: %w", path, errors.Join(err, errors.New("want a path below a volume"))))
			continue
		}
		if _, err := os.Lstat(hidden(path)); missing(err) {
			continue // never taken away, or put back
		}
		switch _, err := os.Lstat(path); {
		case err == nil:
			errs = append(errs, os.RemoveAll(hidden(path)))
		case missing(err):
			errs = append(errs, os.Rename(hidden(path), path))
		default:
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("put back what was taken away: %w", err)
	}
	return nil
}
