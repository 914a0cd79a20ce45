// Package stack says what a system under test is: components made of replicas
// that are placed on nodes, and the addresses by which they are reached. The
// backends (stack/docker, stack/inproc) implement it, and stack/stacktest is
// the conformance test that every backend passes.
package stack

import (
	"context"
	"time"
)

// Stack is a running system under test. All methods may be called
// concurrently.
type Stack interface {
	// Kind is the backend's name: docker, inproc or ComposeKind.
	Kind() string
	// Components returns the stack's parts in a fixed order.
	Components() []Component
	// URL returns the base URL (scheme, loopback host, port, no trailing
	// slash) of a named endpoint; the names are the Endpoint constants and,
	// for a replica's own port, the replica's name. False when the stack has
	// no such endpoint. Ports can change when a replica is restarted: ask again.
	URL(endpoint string) (string, bool)
	// Events emits what happens to the replicas' processes until ctx is done,
	// and then returns nil. emit is never called concurrently.
	Events(ctx context.Context, emit func(Event)) error
	// Versions maps a part to its version or image ID, for the evidence.
	Versions() map[string]string
	// Down stops and removes everything that this stack started. It is
	// idempotent and returns what could not be removed as an error.
	Down(ctx context.Context) error
}

// ComposeKind is the Kind of somebody's own containers, of which nothing is
// known but what their labels say. Its only endpoints are its replicas'.
const ComposeKind = "compose"

// Endpoint names known to Stack.URL.
const (
	// Edge is where clients send their requests.
	Edge = "edge"
	// EdgeStats is HAProxy's statistics page (HTTP; "/stats;csv" below it).
	EdgeStats = "edge-stats"
	// EdgeAdmin is the admin port of an edge that reports its transitions as a
	// gateway does, in place of EdgeStats: one of nginx, or one that is built
	// like a gateway.
	EdgeAdmin = "edge-admin"
	// Prometheus is the HTTP API of the monitoring.
	Prometheus = "prometheus"
	// Alertmanager is the HTTP API of what sends alerts to people, and Pager
	// what stands for the person: the list of what arrived.
	Alertmanager = "alertmanager"
	Pager        = "pager"
	// Registry is a client endpoint of the registry.
	Registry = "registry"
	// Controller is the component that keeps the others at their number of
	// replicas, and where it is watched.
	Controller = "controller"
)

// Weighed is a stack whose edge spreads requests by weights.
type Weighed interface {
	// Weights are the weights that replicas have at the edge, by their names.
	Weights() map[string]int
}

// Component is a set of interchangeable replicas: "catalog".
type Component struct {
	Name     string
	Replicas []Replica
}

// Replica is one process of a component. All methods may be called
// concurrently; those that change something are idempotent.
type Replica interface {
	// Name is unique in the stack: "catalog-2".
	Name() string
	// Component is the name of the component that the replica belongs to.
	Component() string
	// Node is the failure domain that the replica is placed on: "a".
	Node() string
	// ID is the replica's identity in the backend's own terms (container ID).
	ID() string
	// Kill sends a signal ("KILL", "TERM") to the replica's main process.
	Kill(ctx context.Context, signal string) error
	// Start starts the replica again after its process ended; nothing happens
	// when it runs.
	Start(ctx context.Context) error
	// Pause freezes all of the replica's processes; Unpause lets them go on.
	Pause(ctx context.Context) error
	Unpause(ctx context.Context) error
	// Status is "running", "paused" or "exited".
	Status(ctx context.Context) (string, error)
	// Ready returns nil when the replica answers its readiness check through
	// a fresh connection; otherwise it says what was expected and seen.
	Ready(ctx context.Context) error
}

// Event is a change of a replica's process as the backend itself reports it.
type Event struct {
	Time time.Time
	// Replica is the replica's name.
	Replica string
	// Kind is "died", "started", "paused" or "unpaused"; a backend that can see
	// the process itself adds "exited" with the exact time beside "died".
	Kind string
	// Detail is for people: "exit code 137".
	Detail string
}

// Find returns the replica with the given name.
func Find(s Stack, name string) (Replica, bool) {
	for _, c := range s.Components() {
		for _, r := range c.Replicas {
			if r.Name() == name {
				return r, true
			}
		}
	}
	return nil, false
}
