package stacktest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"slices"
	"testing"

	"github.com/fournines/fournines/stack"
)

// checkTopology compares names, order and nodes with stack.Reference. A
// backend may leave out whole parts, never single replicas.
func checkTopology(t *testing.T, st stack.Stack) {
	if st.Kind() == "" {
		t.Error("Kind() is empty, want the backend's name")
	}
	if len(st.Versions()) == 0 {
		t.Error("Versions() is empty, want at least one part's version")
	}
	reference := make(map[string]stack.Part)
	for _, part := range stack.Reference() {
		reference[part.Component] = part
	}
	seen := make(map[string]bool)
	ids := make(map[string]bool)
	for _, c := range st.Components() {
		part, ok := reference[c.Name]
		if !ok {
			t.Errorf("component %q is not part of the reference platform", c.Name)
			continue
		}
		if got, want := len(c.Replicas), part.Replicas; got != want {
			t.Errorf("component %q has %d replicas, want %d", c.Name, got, want)
		}
		seen[c.Name] = true
		for i, r := range c.Replicas {
			if got, want := r.Name(), part.ReplicaName(i+1); got != want {
				t.Errorf("replica %d of %q is named %q, want %q", i+1, c.Name, got, want)
			}
			if got, want := r.Node(), part.Node(i+1); got != want {
				t.Errorf("replica %q is on node %q, want %q", r.Name(), got, want)
			}
			if got := r.Component(); got != c.Name {
				t.Errorf("replica %q says it belongs to %q, want %q", r.Name(), got, c.Name)
			}
			if r.ID() == "" || ids[r.ID()] {
				t.Errorf("replica %q has ID %q, want one that is not empty and nobody else's", r.Name(), r.ID())
			}
			ids[r.ID()] = true
			if found, ok := stack.Find(st, r.Name()); !ok || found.Name() != r.Name() {
				t.Errorf("stack.Find does not find replica %q", r.Name())
			}
		}
	}
	for _, name := range []string{"catalog", "gateway", "edge"} {
		if !seen[name] {
			t.Errorf("component %q is missing: no backend can do without it", name)
		}
	}
	if again := names(st); !slices.Equal(again, names(st)) {
		t.Errorf("Components() changes its order: %q", again)
	}
	if _, ok := st.URL("no-such-endpoint"); ok {
		t.Error(`URL("no-such-endpoint") says that it exists`)
	}
}

// names lists all replicas in the stack's order.
func names(st stack.Stack) []string {
	var all []string
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			all = append(all, r.Name())
		}
	}
	return all
}

// awaitReady waits until every replica runs and is ready.
func awaitReady(t *testing.T, st stack.Stack) {
	for _, name := range names(st) {
		r, _ := stack.Find(st, name)
		eventually(t, fmt.Sprintf("replica %q is ready", name), r.Ready)
		eventually(t, fmt.Sprintf("replica %q runs", name), hasStatus(r, "running"))
	}
}

// checkURLs asks for the address of everything that has one.
func checkURLs(t *testing.T, st stack.Stack) {
	for _, endpoint := range append(names(st), stack.Edge) {
		base, ok := st.URL(endpoint)
		if !ok {
			t.Errorf("URL(%q) says that there is no such endpoint", endpoint)
			continue
		}
		u, err := url.Parse(base)
		if err != nil || u.Scheme != "http" && (u.Scheme != "https" || endpoint != stack.Edge) || u.Path != "" || u.Port() == "" {
			t.Errorf("URL(%q) is %q, want http://host:port without a path, or https where it is the edge", endpoint, base)
			continue
		}
		if ip := net.ParseIP(u.Hostname()); ip == nil || !ip.IsLoopback() {
			t.Errorf("URL(%q) is %q, want a loopback address: nothing is published to the network", endpoint, base)
		}
	}
}

// hasStatus is a check for eventually.
func hasStatus(r stack.Replica, want string) func(context.Context) error {
	return func(ctx context.Context) error {
		got, err := r.Status(ctx)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("replica %q has status %q, want %q", r.Name(), got, want)
		}
		return nil
	}
}

// notReady is a check for eventually.
func notReady(r stack.Replica) func(context.Context) error {
	return func(ctx context.Context) error {
		if r.Ready(ctx) == nil {
			return fmt.Errorf("replica %q says it is ready, want an error", r.Name())
		}
		return nil
	}
}
