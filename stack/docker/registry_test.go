package docker_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/registry/registrytest"
)

// The registry's contract against the three members that the platform uses.
func TestEtcdOfTheStackConforms(t *testing.T) {
	st := sharedStack.up(t)
	address, outage := registryOf(t, st, stack.Etcd)
	conforms(t, address, outage)
	t.Run("keys", func(t *testing.T) {
		client, err := registry.OpenEtcd(address)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		registrytest.RunKeys(t, client, "/fournines/config/conform", outage)
	})
	if err := st.Await(t.Context()); err != nil {
		t.Error(err)
	}
}

// The same contract against the other registry.
func TestZooKeeperOfTheStackConforms(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{
		RunID: runID("zookeeper"), NoController: true, Progress: logSteps(t),
		Choices: stack.Choices{Registry: stack.ZooKeeper, Components: []string{stack.Etcd}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	address, outage := registryOf(t, st, stack.ZooKeeper)
	conforms(t, address, outage)
	t.Run("below a root of its own", func(t *testing.T) { conforms(t, address+"/some/where", nil) })
	if err := st.Await(t.Context()); err != nil {
		t.Error(err)
	}
}

// registryOf is the address of a registry of the stack, and what freezes all of
// its members until what it returns is called.
func registryOf(t *testing.T, st *docker.Stack, component string) (address string, outage func(*testing.T) func()) {
	t.Helper()
	var members []stack.Replica
	var hosts []string
	for _, c := range st.Components() {
		if c.Name != component {
			continue
		}
		for _, r := range c.Replicas {
			base, _ := st.URL(r.Name())
			u, err := url.Parse(base)
			if err != nil {
				t.Fatal(err)
			}
			members, hosts = append(members, r), append(hosts, u.Host)
		}
	}
	return component + "://" + strings.Join(hosts, ","), func(t *testing.T) func() {
		each := func(change func(stack.Replica) error) {
			for _, r := range members {
				if err := change(r); err != nil {
					t.Error(err)
				}
			}
		}
		each(func(r stack.Replica) error { return r.Pause(context.Background()) })
		return func() { each(func(r stack.Replica) error { return r.Unpause(context.Background()) }) }
	}
}

func conforms(t *testing.T, address string, outage func(*testing.T) func()) {
	registrytest.Run(t, registrytest.Subject{
		TTL:     2 * time.Second,
		Service: "conform",
		New: func(t *testing.T) (registry.Registry, func()) {
			client, err := registry.Open(address)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { client.Close() })
			return client, func() { client.Close() }
		},
		Outage: outage,
	})
}
