package fault_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// attachShop is a small compose project that may be broken.
func attachShop(t *testing.T) *docker.Stack {
	t.Helper()
	dockertest.Require(t)
	project := "fault-" + strings.ToLower(rand.Text()[:8])
	dockertest.NewShop(t, project, 2, docker.LabelAllowFaults+"="+docker.LabelAllowed, docker.LabelReady+"=8080/healthz", docker.LabelPort+"=8080")
	st, err := docker.AttachCompose(t.Context(), project, docker.AttachOptions{AllowFaults: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	return st
}

func TestFaultsOfDNSAgainstContainers(t *testing.T) {
	dockertest.Slow(t)
	st := attachShop(t)
	for i, c := range []liveCase{
		{"dns-error", nil, []string{"web-1"}},
		{"dns-error", fault.Values{"names": "web", "answer": "nxdomain"}, []string{"web-2", "web-1"}},
		{"dns-error", fault.Values{"names": "edge,web", "answer": "timeout"}, []string{"web-2"}},
		{"dns-spoof", fault.Values{"name": "edge"}, []string{"web-1"}},
	} {
		t.Run(c.action, func(t *testing.T) {
			if i > 0 {
				dockertest.Slow(t)
			}
			breakAndMend(t, st, c, nil)
		})
	}
}

func TestFaultsOfHTTPAndNamesAgainstContainers(t *testing.T) {
	st := attachShop(t)
	undoer, err := docker.NewUndoer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer undoer.Close()
	for i, c := range []struct {
		liveCase
		undoer *docker.Undoer
	}{
		{liveCase{"http-delay", fault.Values{"latency": "60ms", "jitter": "20ms", "percent": "10%", "path": "/items"}, []string{"web-1"}}, nil},
		{liveCase{"dns-error", fault.Values{"names": "web", "answer": "servfail"}, []string{"web-1"}}, nil}, // the rest of DNS is slow
		{liveCase{"http-abort", fault.Values{"percent": "50%"}, []string{"web-1", "web-2"}}, nil},
		{liveCase{"http-abort", fault.Values{"status": "reset", "path": "/items"}, []string{"web-2"}}, undoer},
		{liveCase{"http-body", fault.Values{"body": "truncated", "length": "wrong", "path": "/items"}, []string{"web-1"}}, nil},
		{liveCase{"http-body", fault.Values{"body": "garbled", "percent": "1%", "path": "/items", "port": "8080"}, []string{"web-2"}}, nil},
	} {
		t.Run(c.action, func(t *testing.T) {
			if i > 1 {
				dockertest.Slow(t)
			}
			breakAndMend(t, st, c.liveCase, c.undoer)
		})
	}
}
