package fault_test

import (
	"crypto/rand"
	"testing"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

func TestFaultsThatCutNetworksOfContainers(t *testing.T) {
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: "cut-" + rand.Text()[:10], NoController: true, Choices: stack.Choices{Components: stack.ForReaders()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	for i, c := range []liveCase{
		{"partition", fault.Values{"peers": "etcd"}, []string{"catalog-2"}},
		{"partition", fault.Values{"peers": "etcd,catalog-1", "direction": "in", "kill": "yes"}, []string{"gateway-1", "gateway-2"}},
		{"partition", fault.Values{"peers": "gateway", "direction": "out"}, []string{"catalog-3"}},
		{"blackhole", nil, []string{"catalog-1"}},
		{"blackhole", fault.Values{"direction": "in"}, []string{"gateway-3"}},
		{"reset-peer", fault.Values{"kill": "yes"}, []string{"catalog-2"}},
		{"flap", fault.Values{"peers": "etcd", "period": "1s"}, []string{"catalog-2"}},
		{"flap", fault.Values{"peers": "etcd", "period": "1s", "seed": "7"}, []string{"catalog-3"}},
		{"node-isolate", nil, []string{"etcd-2", "catalog-2", "gateway-2"}},
		{"scrape-outage", nil, []string{"prometheus"}},
		{"registry-partition", nil, []string{"etcd-3"}},
		{"watch-lost", nil, []string{"gateway-1", "catalog-2"}},
		{"bandwidth", fault.Values{"rate": "1Mbit"}, []string{"catalog-1"}},
		{"bandwidth", fault.Values{"rate": "100kbit", "direction": "out"}, []string{"catalog-2", "gateway-1"}},
		{"bandwidth", fault.Values{"rate": "10Mbit", "direction": "in"}, []string{"gateway-2"}},
		{"registry-partition", nil, []string{"etcd-1", "etcd-2"}},
	} {
		t.Run(c.action, func(t *testing.T) {
			if i > 0 {
				dockertest.Slow(t)
			}
			breakAndMend(t, st, c, nil)
		})
	}
	undoer, err := docker.NewUndoer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer undoer.Close()
	for i, c := range []liveCase{
		{"partition", fault.Values{"peers": "etcd"}, []string{"catalog-2", "catalog-3"}},
		{"flap", fault.Values{"peers": "all", "period": "1s"}, []string{"catalog-1"}},
		{"bandwidth", nil, []string{"catalog-3"}},
	} {
		t.Run(c.action+" that is undone by its recipe", func(t *testing.T) {
			if i > 0 {
				dockertest.Slow(t)
			}
			breakAndMend(t, st, c, undoer)
		})
	}
}
