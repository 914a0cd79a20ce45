package main

import (
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// relay stands between a run and its container engine. To the run, a relay
// that is cut is an engine that died, and one that is stalled an engine that
// does not answer any more.
type relay struct {
	listener net.Listener
	dead     chan struct{}

	mu      sync.Mutex
	open    []net.Conn
	stalled bool
	cutOff  bool
}

// startRelay makes the relay the engine of every process that this test
// starts.
func startRelay(t *testing.T) *relay {
	t.Helper()
	const engine = "/var/run/docker.sock"
	if _, err := os.Stat(engine); err != nil || os.Getenv("DOCKER_HOST") != "" {
		t.Skipf("the engine is not at %s", engine)
	}
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "engine.sock"))
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{listener: l, dead: make(chan struct{})}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("unix", engine)
			if err != nil {
				from.Close()
				continue
			}
			r.keep(from, to)
			all.Go(func() { r.pass(to, from) })
			all.Go(func() { r.pass(from, to) })
		}
	})
	t.Cleanup(func() { r.cut(); all.Wait() })
	t.Setenv("DOCKER_HOST", "unix://"+l.Addr().String())
	return r
}

func (r *relay) keep(connections ...net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, connections...)
	if r.cutOff {
		r.closeAll()
	}
}

// pass copies until one end closes; of a stalled relay until it is cut.
func (r *relay) pass(to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		r.mu.Lock()
		stalled := r.stalled
		r.mu.Unlock()
		if stalled {
			<-r.dead
			return
		}
		if _, writeErr := to.Write(buffer[:n]); err != nil || writeErr != nil {
			return
		}
	}
}

// stall keeps all connections open and passes nothing on any more.
func (r *relay) stall() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stalled = true
}

// cut closes all connections and takes no more.
func (r *relay) cut() {
	r.listener.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.cutOff {
		close(r.dead)
	}
	r.cutOff = true
	r.closeAll()
}

func (r *relay) closeAll() {
	for _, c := range r.open {
		c.Close()
	}
}
