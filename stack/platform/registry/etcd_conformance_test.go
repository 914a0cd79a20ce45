package registry_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/registry/registrytest"
)

// TestEtcdConforms runs where an etcd executable is at hand. The same test
// runs against etcd in containers in package stack/docker, which can make them
// anywhere.
func TestEtcdConforms(t *testing.T) {
	binary, err := exec.LookPath("etcd")
	if err != nil {
		t.Skipf("no etcd executable here (%v); stack/docker runs this test against containers", err)
	}
	url, server := startEtcd(t, binary)
	outage := func(t *testing.T) func() {
		signal := func(s os.Signal) {
			if err := server.Signal(s); err != nil {
				t.Errorf("signal etcd: %v", err)
			}
		}
		signal(syscall.SIGSTOP)
		return func() { signal(syscall.SIGCONT) }
	}
	registrytest.Run(t, registrytest.Subject{
		TTL:     2 * time.Second,
		Service: "conform",
		New: func(t *testing.T) (registry.Registry, func()) {
			client, err := registry.OpenEtcd(url)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { client.Close() })
			return client, func() { client.Close() }
		},
		Outage: outage,
	})
	t.Run("keys", func(t *testing.T) {
		client, err := registry.OpenEtcd(url)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		registrytest.RunKeys(t, client, "/fournines/config/conform", outage)
	})
}

// startEtcd runs one member on free loopback ports until the test ends.
func startEtcd(t *testing.T, binary string) (url string, server *os.Process) {
	t.Helper()
	client, peer := freeAddress(t), freeAddress(t)
	var log strings.Builder
	cmd := exec.Command(binary, "--name", "one", "--data-dir", t.TempDir(),
		"--listen-client-urls", "http://"+client, "--advertise-client-urls", "http://"+client,
		"--listen-peer-urls", "http://"+peer, "--initial-advertise-peer-urls", "http://"+peer,
		"--initial-cluster", "one=http://"+peer)
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %q: %v", binary, err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("etcd said:\n%s", log.String())
		}
	})
	url = "etcd://" + client
	probe, err := registry.OpenEtcd(url)
	if err != nil {
		t.Fatal(err)
	}
	defer probe.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	answered := errors.New("answered")
	var seen error
	err = probe.Watch(ctx, "none", func(u registry.Update) {
		if seen = u.Err; seen == nil {
			seen = answered
			cancel()
		}
	})
	if err != nil || !errors.Is(seen, answered) {
		t.Fatalf("etcd at %s does not answer: %v", url, errors.Join(err, seen))
	}
	return url, cmd.Process
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
