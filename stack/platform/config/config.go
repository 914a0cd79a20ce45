// Package config is the platform's config centre as its programs see it: one
// document per program from one of several sources, checked before it is used,
// applied while requests are served, and the last good one kept when a new one
// is refused or the source is away.
package config

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Source delivers one document.
type Source interface {
	// String names the source for people: `file "/etc/shop/gateway.json"`.
	String() string
	// Watch calls emit with the document as soon as it is known and after every
	// change, until ctx is done, and then returns nil. emit is called from
	// Watch's goroutine. While the source cannot be read, Watch keeps trying; it
	// emits the error once, and then nothing until the document is known again.
	Watch(ctx context.Context, emit func(Update)) error
}

// Update is what a source says.
type Update struct {
	Document []byte
	// Version identifies the document within its source: a revision, or a hash.
	Version string
	// Err says why the source cannot be read; Document is nil then.
	Err error
}

// State is what became of the documents so far.
type State struct {
	Source string `json:"source"`
	// Version and Applied are of the document in use; empty and zero before
	// the first one.
	Version string    `json:"version"`
	Applied time.Time `json:"applied,omitzero"`
	// Refused is the version of the newest document if that one is not in use,
	// and Reason why.
	Refused string `json:"refused,omitempty"`
	Reason  string `json:"reason,omitempty"`
	// Away says why the source cannot be read; empty while it can.
	Away string `json:"away,omitempty"`
}

// Use checks a document and puts it into effect. It must change nothing when
// it returns an error. It is never called concurrently.
type Use func(document []byte) error

// Follow applies what source delivers until ctx is done, and then returns nil.
// A document that use refuses changes nothing. changed is told every state that
// differs from the one before, from Follow's goroutine.
func Follow(ctx context.Context, source Source, use Use, log *slog.Logger, changed func(State)) error {
	f := follower{use: use, log: log.With("source", source.String()), changed: changed, state: State{Source: source.String()}}
	if err := source.Watch(ctx, f.take); err != nil {
		return fmt.Errorf("follow configuration from %s: %w", source, err)
	}
	return nil
}

// follower is one Follow.
type follower struct {
	use     Use
	log     *slog.Logger
	changed func(State)
	state   State
}

func (f *follower) take(u Update) {
	before := f.state
	switch {
	case u.Err != nil:
		f.state.Away = u.Err.Error()
		f.log.Warn("configuration is away, the last good one stays", "error", u.Err.Error(), "version", f.state.Version)
	case u.Version == f.state.Version:
		f.state.Away, f.state.Refused, f.state.Reason = "", "", ""
	default:
		f.state.Away = ""
		f.apply(u)
	}
	if f.state != before {
		f.changed(f.state)
	}
}

func (f *follower) apply(u Update) {
	if u.Version == f.state.Refused {
		return
	}
	if err := f.use(u.Document); err != nil {
		f.state.Refused, f.state.Reason = u.Version, err.Error()
		f.log.Error("configuration refused, the last good one stays", "refused", u.Version, "error", err.Error(), "version", f.state.Version)
		return
	}
	f.log.Info("configuration applied", "version", u.Version, "before", f.state.Version)
	f.state.Version, f.state.Applied = u.Version, time.Now()
	f.state.Refused, f.state.Reason = "", ""
}

// Board holds the latest State for readers in other goroutines.
type Board struct {
	mu    sync.Mutex
	state State
}

// Set is the changed of a Follow.
func (b *Board) Set(s State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.state = s
}

// State returns what was set last.
func (b *Board) State() State {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}
