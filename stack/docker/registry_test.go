package docker_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/registry/registrytest"
)

// The registry's contract against the three members that the platform uses.
func TestEtcdOfTheStackConforms(t *testing.T) {
	st := sharedStack.up(t)
	var members []stack.Replica
	var hosts []string
	for _, c := range st.Components() {
		if c.Name != "etcd" {
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
	outage := func(t *testing.T) func() {
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
	registrytest.Run(t, registrytest.Subject{
		TTL:     2 * time.Second,
		Service: "conform",
		New: func(t *testing.T) (registry.Registry, func()) {
			client, err := registry.Open("etcd://" + strings.Join(hosts, ","))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { client.Close() })
			return client, func() { client.Close() }
		},
		Outage: outage,
	})
	t.Run("keys", func(t *testing.T) {
		client, err := registry.Open("etcd://" + strings.Join(hosts, ","))
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
