package fault_test

import (
	"crypto/rand"
	"testing"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

func TestFaultsThatChangePacketsOfContainers(t *testing.T) {
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: "shape-" + rand.Text()[:10], NoController: true, Choices: stack.Choices{Components: stack.ForReaders()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	for i, c := range []liveCase{
		{"delay", fault.Values{"latency": "100ms", "jitter": "20ms", "distribution": "normal"}, []string{"catalog-2"}},
		{"delay", fault.Values{"latency": "50ms", "direction": "out", "peers": "gateway"}, []string{"catalog-1"}},
		{"delay", fault.Values{"latency": "20ms", "direction": "both", "peers": "gateway-1,gateway-2", "port": "8080"}, []string{"catalog-1", "catalog-3"}},
		{"delay", fault.Values{"latency": "20ms", "protocol": "udp"}, []string{"catalog-2"}},
		{"loss", fault.Values{"percent": "10%"}, []string{"catalog-3"}},
		{"loss", fault.Values{"p": "5%", "r": "50%", "lossGood": "1%"}, []string{"gateway-2"}},
		{"duplicate", nil, []string{"gateway-1"}},
		{"corrupt", fault.Values{"percent": "20%"}, []string{"catalog-2"}},
		{"corrupt", fault.Values{"percent": "20%", "checksum": "right"}, []string{"etcd-2"}},
		{"reorder", fault.Values{"gap": "4", "delay": "60ms"}, []string{"catalog-1"}},
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
	t.Run("delay that is undone by its recipe", func(t *testing.T) {
		dockertest.Slow(t)
		breakAndMend(t, st, liveCase{"delay", fault.Values{"direction": "both", "peers": "gateway-1"}, []string{"catalog-2"}}, undoer)
	})
}
