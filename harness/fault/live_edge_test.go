package fault_test

import (
	"crypto/rand"
	"testing"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

func TestFaultsOfTheEdgeAgainstContainers(t *testing.T) {
	dockertest.Require(t)
	faultsOfTheEdge(t, docker.Options{RunID: "fault-" + rand.Text()[:10]})
}

func TestFaultsOfAnEdgeOfNginxAgainstContainers(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	faultsOfTheEdge(t, docker.Options{RunID: "nginx-" + rand.Text()[:10], Choices: stack.Choices{Edge: stack.Nginx, Components: stack.ForReaders()}},
		liveCase{"process-kill", fault.Values{"process": "nginx", "signal": "KILL"}, []string{"edge"}})
}

// faultsOfTheEdge breaks what only an edge and its certificates have, and more.
func faultsOfTheEdge(t *testing.T, o docker.Options, more ...liveCase) {
	t.Helper()
	st, err := docker.Up(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	undoer, err := docker.NewUndoer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = undoer.Close() })
	for _, c := range append([]liveCase{
		{"edge-reload", nil, []string{"edge"}},
		{"lb-weight-skew", fault.Values{"server": "gateway-2", "weight": "0"}, []string{"edge"}},
		{"cert-expired", nil, []string{"edge", "gateway-1"}},
		{"cert-wrong-host", nil, []string{"edge", "gateway-2", "gateway-3"}},
		{"cert-rotate", nil, []string{"edge", "gateway-1", "gateway-2", "gateway-3"}},
	}, more...) {
		t.Run(c.action, func(t *testing.T) { breakAndMend(t, st, c, nil) })
		if c.action != "edge-reload" && c.action != "process-kill" {
			t.Run("undo by its recipe alone: "+c.action, func(t *testing.T) { breakAndMend(t, st, c, undoer) })
		}
	}
}
