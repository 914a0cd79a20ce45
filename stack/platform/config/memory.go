package config

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
)

// Memory is a config centre inside one process: documents by name, each with
// all its versions. All methods may be called concurrently.
type Memory struct {
	mu      sync.Mutex
	last    int64
	kept    map[string][]Update // oldest first
	changed chan struct{}       // closed and replaced after every change
}

// NewMemory has no documents.
func NewMemory() *Memory {
	return &Memory{kept: make(map[string][]Update), changed: make(chan struct{})}
}

// Put makes a document the newest of its name and returns its version.
func (m *Memory) Put(name string, document []byte) (version string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	version = strconv.FormatInt(m.last, 10)
	m.kept[name] = append(m.kept[name], Update{Document: slices.Clone(document), Version: version})
	close(m.changed)
	m.changed = make(chan struct{})
	return version
}

// Versions are all documents of a name, the oldest first.
func (m *Memory) Versions(name string) []Update {
	all, _ := m.list(name)
	return all
}

func (m *Memory) list(name string) ([]Update, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.kept[name]), m.changed
}

// Source is the document of one name as a program sees it that asks link
// before every look: link blocks while the program is frozen, and an error
// from it means that the centre cannot be reached. Nil is never in the way.
func (m *Memory) Source(name string, link func(context.Context) error) Source {
	if link == nil {
		link = func(context.Context) error { return nil }
	}
	return remembered{m, name, link}
}

type remembered struct {
	memory *Memory
	name   string
	link   func(context.Context) error
}

func (r remembered) String() string { return fmt.Sprintf("document %q in memory", r.name) }

// Watch implements Source.
func (r remembered) Watch(ctx context.Context, emit func(Update)) error {
	said, away := "", false
	for ctx.Err() == nil {
		all, changed := r.memory.list(r.name)
		err := r.link(ctx)
		if err == nil && len(all) == 0 {
			err = fmt.Errorf("read %s: it does not exist", r)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil && !away:
			away = true
			emit(Update{Err: err})
		case err == nil && (away || all[len(all)-1].Version != said):
			said, away = all[len(all)-1].Version, false
			emit(all[len(all)-1])
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
	return nil
}
