package agent

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Spec says what an agent is to hold.
type Spec struct {
	// Effect is a name in the agent's Table.
	Effect string            `json:"effect"`
	Args   map[string]string `json:"args,omitempty"`
}

// Effect is one thing that an agent can do to the namespaces it is in. Its
// methods are never called concurrently.
type Effect interface {
	// Before returns the state that Undo restores, complete enough for another
	// agent; nil when Undo needs none. It touches nothing, and an error means
	// that Apply would not work here: it says what is missing. It wraps
	// errors.ErrUnsupported when the machine lacks it, or the target does.
	Before(ctx context.Context) (map[string]string, error)
	// Apply takes hold fully or leaves everything as it found it. What has to
	// go on working (a queue, a server) does so in goroutines that Undo ends.
	Apply(ctx context.Context) error
	// Seen says what the kernel, not the effect's own memory, shows of it.
	Seen(ctx context.Context) (Seen, error)
	// Undo restores before and returns nil once that is so. It is idempotent
	// and works in an agent that never applied the effect, after the one that
	// did was killed.
	Undo(ctx context.Context, before map[string]string) error
}

// Seen is what is there of an effect.
type Seen struct {
	Active bool `json:"active"`
	// Counters count what the effect did: packets dropped, requests answered.
	Counters map[string]int64 `json:"counters,omitempty"`
	// Detail is for people.
	Detail string `json:"detail,omitempty"`
}

// Table makes effects by name. args are the Spec's; an error says what is
// wrong with them.
type Table map[string]func(args map[string]string) (Effect, error)

// New makes the effect that a spec names.
func (t Table) New(s Spec) (Effect, error) {
	make, ok := t[s.Effect]
	if !ok {
		return nil, fmt.Errorf("unknown effect %q: want one of %s", s.Effect, strings.Join(slices.Sorted(maps.Keys(t)), ", "))
	}
	e, err := make(s.Args)
	if err != nil {
		return nil, fmt.Errorf("effect %q: %w", s.Effect, err)
	}
	return e, nil
}
