package docker

import (
	"context"
	"errors"
	"maps"
	"sync"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/reference"
)

// Stack is the reference platform in containers. It implements stack.Stack.
type Stack struct {
	engine *engine
	runID  string
	// choices are how the platform was built.
	choices stack.Choices
	// authority is what clients of the platform trust, as PEM; nil without TLS.
	authority []byte
	// members are in the order of stack.Reference.
	members  []*replica
	urls     map[string]string
	versions map[string]string
	exits    exits
	sidecars *sidecars
	// controller is nil for a stack without one, crew for one whose containers
	// nobody changes.
	controller *controller
	crew       *crew
	// setup is what the platform was started with; nil of an attached stack
	// until it is asked for. keep says that others are to find it.
	setup *reference.Setup
	keep  bool

	// attached is nil for a stack that was brought up by Up.
	attached *attachment

	// lock is held as long as the stack is up, unless it is to be kept, and
	// while a kept one is attached.
	lock *fileLock
	mu   sync.Mutex
	down bool
}

var (
	_ stack.Stack   = (*Stack)(nil)
	_ stack.Weighed = (*Stack)(nil)
)

// Kind is "docker", or stack.ComposeKind for an attached compose project.
func (s *Stack) Kind() string {
	if s.attached != nil {
		return s.attached.kind
	}
	return "docker"
}

// RunID is the run that the stack's containers are labelled with; empty for
// containers that are not of the reference platform.
func (s *Stack) RunID() string { return s.runID }

// Components returns the parts in the order of stack.Reference, or of their
// names. Replicas of an attached stack that must not be broken refuse it.
func (s *Stack) Components() []stack.Component {
	var out []stack.Component
	for i, m := range s.members {
		if n := len(out); n == 0 || out[n-1].Name != m.Component() {
			out = append(out, stack.Component{Name: m.Component()})
		}
		last := &out[len(out)-1]
		last.Replicas = append(last.Replicas, s.handOut(m))
		if i+1 == len(s.members) || s.members[i+1].Component() != m.Component() {
			for _, placed := range s.crew.replicas(m.Component()) {
				last.Replicas = append(last.Replicas, s.handOut(placed))
			}
		}
	}
	if s.controller != nil {
		out = append(out, stack.Component{Name: stack.Controller, Replicas: []stack.Replica{s.handOutController()}})
	}
	return out
}

// URL returns the address of an endpoint. The platform's published ports are
// fixed when it is started, so an address stays good over restarts; others are
// asked for each time.
func (s *Stack) URL(endpoint string) (string, bool) {
	for _, m := range s.members {
		if m.published != nil && m.Name() == endpoint {
			return m.base(context.Background())
		}
	}
	if url, ok := s.urls[endpoint]; ok {
		return url, ok
	}
	if endpoint == stack.Controller && s.controller != nil {
		rec, err := s.controller.read()
		return rec.URL, err == nil
	}
	return s.crew.url(endpoint)
}

// Authority is the certificate, as PEM, that clients of the edge have to trust
// and no other; nil for a stack without TLS.
func (s *Stack) Authority() []byte { return s.authority }

// Choices are how the platform was built.
func (s *Stack) Choices() stack.Choices { return s.choices }

// Weights are those of the gateways at the edge; none for a stack that is not
// the reference platform.
func (s *Stack) Weights() map[string]int {
	if s.attached != nil && s.attached.kind == stack.ComposeKind {
		return nil
	}
	return s.choices.Weights()
}

// Versions says what the stack is made of.
func (s *Stack) Versions() map[string]string { return maps.Clone(s.versions) }

// Down removes the run's containers, volumes and network, whatever ctx says:
// it has a deadline of its own. A stack that is down stays down. Of an attached
// stack nothing is removed.
func (s *Stack) Down(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil
	}
	s.crew.close()
	if s.attached != nil {
		s.down = true
		if s.lock == nil {
			return s.engine.close()
		}
		return errors.Join(s.lock.release(), s.engine.close())
	}
	if s.controller != nil { // it would bring back what is removed
		if err := s.controller.end(); err != nil {
			return err
		}
	}
	if _, err := s.engine.removeRun(ctx, s.runID); err != nil {
		return err
	}
	s.down = true
	cache, err := cacheDir()
	if err == nil {
		err = forgetRun(cache, s.runID)
	}
	return errors.Join(err, s.lock.remove(), s.engine.close())
}
