package docker

import (
	"context"
	"errors"
	"maps"
	"sync"

	"github.com/fournines/fournines/stack"
)

// Stack is the reference platform in containers. It implements stack.Stack.
type Stack struct {
	engine *engine
	runID  string
	// members are in the order of stack.Reference.
	members  []*replica
	urls     map[string]string
	versions map[string]string
	exits    exits

	// lock is held as long as the stack is up, unless it is to be kept.
	lock *fileLock
	mu   sync.Mutex
	down bool
}

var _ stack.Stack = (*Stack)(nil)

// Kind is "docker".
func (s *Stack) Kind() string { return "docker" }

// RunID is the run that the stack's containers are labelled with.
func (s *Stack) RunID() string { return s.runID }

// Components returns the parts in the order of stack.Reference.
func (s *Stack) Components() []stack.Component {
	var out []stack.Component
	for _, m := range s.members {
		if n := len(out); n == 0 || out[n-1].Name != m.Component() {
			out = append(out, stack.Component{Name: m.Component()})
		}
		last := &out[len(out)-1]
		last.Replicas = append(last.Replicas, m)
	}
	return out
}

// URL returns the address of an endpoint. Published ports are fixed when the
// stack is started, so an address stays good over restarts.
func (s *Stack) URL(endpoint string) (string, bool) {
	url, ok := s.urls[endpoint]
	return url, ok
}

// Versions says what the stack is made of.
func (s *Stack) Versions() map[string]string { return maps.Clone(s.versions) }

// Down removes the run's containers, volumes and network, whatever ctx says:
// it has a deadline of its own. A stack that is down stays down.
func (s *Stack) Down(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil
	}
	if _, err := s.engine.removeRun(ctx, s.runID); err != nil {
		return err
	}
	s.down = true
	return errors.Join(s.lock.remove(), s.engine.close())
}
