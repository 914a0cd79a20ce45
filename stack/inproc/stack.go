// Package inproc is the reference platform inside one process: the same
// programs as in containers, on loopback ports, with an
// in-memory registry, orders in memory and a small edge. There is no monitoring.
package inproc

import (
	"context"
	"io"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/feed"
	"github.com/fournines/fournines/stack/platform/orders"
	"github.com/fournines/fournines/stack/platform/reference"
	"github.com/fournines/fournines/stack/platform/registry"
)

// Banner is the warning that goes with every result of this stack.
const Banner = "in-process stack: no containers, no etcd, no HAProxy, no Prometheus; nothing here is isolated from fournines itself"

// Options say how a stack is made; the zero value is fine.
type Options struct {
	// Progress receives the steps of Up; nil for nobody.
	Progress stack.Progress
	// LeaseTTL is how long a registration outlives its replica; 0 for 2 s.
	LeaseTTL time.Duration
	// Drain is how long a replica serves after TERM; 0 for 1 s.
	Drain time.Duration
	// Orders keeps the shop's orders in place of a database; nil for an empty
	// store in memory.
	Orders orders.Store
	// Without names features that the platform is to lack, as in a container.
	Without []string
	// Log receives the programs' log lines, concurrently; nil for nobody.
	// Lines below Level are dropped.
	Log   io.Writer
	Level slog.Level
}

// Stack is a running in-process platform. Make one with Up.
type Stack struct {
	options    Options
	registry   *registry.Memory
	documents  *config.Memory
	orders     orders.Store
	setup      *reference.Setup
	gateways   *directory
	components []stack.Component
	replicas   []*replica // in the order of components
	events     feed.Feed[stack.Event]
	logs       logs
	down       sync.Once
}

var (
	_ stack.Stack  = (*Stack)(nil)
	_ stack.Tokens = (*Stack)(nil)
)

// Kind is "inproc".
func (s *Stack) Kind() string { return "inproc" }

// Components returns the reference platform's services, gateway and edge.
func (s *Stack) Components() []stack.Component {
	all := make([]stack.Component, 0, len(s.components))
	for _, c := range s.components {
		all = append(all, stack.Component{Name: c.Name, Replicas: append([]stack.Replica(nil), c.Replicas...)})
	}
	return all
}

// URL knows stack.Edge and the admin port of every replica but the edge, whose
// name it shares.
func (s *Stack) URL(endpoint string) (string, bool) {
	for _, r := range s.replicas {
		switch {
		case endpoint == stack.EdgeAdmin && r.name == stack.Edge:
			return r.adminURL(), true
		case r.name != endpoint:
		case r.name == stack.Edge:
			return r.trafficURL(), true
		default:
			return r.adminURL(), true
		}
	}
	return "", false
}

// Events emits what happens to the replicas from now on.
func (s *Stack) Events(ctx context.Context, emit func(stack.Event)) error {
	s.events.Follow(ctx, emit)
	return nil
}

// RegistryEvents emits what happens to registrations from now on until ctx is
// done; the kinds are "registered", "lease-expired" and "deregistered".
func (s *Stack) RegistryEvents(ctx context.Context, emit func(stack.Event)) error {
	s.registry.Changes().Follow(ctx, func(c registry.Change) {
		emit(stack.Event{Time: c.Time, Replica: c.Instance.Name, Kind: c.Kind, Detail: "address " + c.Instance.Address})
	})
	return nil
}

// Token lets a client in.
func (s *Stack) Token(client string) (string, error) { return s.setup.Token(client) }

// Versions says that everything is of this build.
func (s *Stack) Versions() map[string]string {
	return map[string]string{"platform": "this build, in process", "go": runtime.Version()}
}

// Down ends every replica and returns when nothing of the stack runs any more.
func (s *Stack) Down(context.Context) error {
	s.down.Do(func() {
		for i := len(s.replicas) - 1; i >= 0; i-- {
			s.replicas[i].close()
		}
		s.registry.Close()
	})
	return nil
}

// step reports the start of a step and returns the report of its end.
func (s *Stack) step(name string) func(error) {
	if s.options.Progress == nil {
		return func(error) {}
	}
	start := time.Now()
	s.options.Progress(stack.Step{Name: name})
	return func(err error) {
		s.options.Progress(stack.Step{Name: name, Ended: true, Took: time.Since(start), Err: err})
	}
}
