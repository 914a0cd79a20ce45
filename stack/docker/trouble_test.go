package docker_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

func TestAPortThatIsTakenMeanwhileIsReplaced(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	st, err := docker.UpOnPort(t.Context(), docker.Options{RunID: runID("port"), Choices: few}, uint16(port))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(docker.ReferenceNames(), stack.EdgeStats) {
		if url, _ := st.URL(name); strings.HasSuffix(url, l.Addr().String()) {
			t.Errorf("%q is said to be at %q, where the test itself listens", name, url)
		}
	}
	if err := st.Down(t.Context()); err != nil {
		t.Error(err)
	}
	expectNothing(t, st.RunID())
}

// relay passes connections on to the engine until it is cut.
type relay struct {
	listener net.Listener
	mu       sync.Mutex
	open     []net.Conn
	cut      bool
}

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
	r := &relay{listener: l}
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
			all.Go(func() { _, _ = io.Copy(to, from); to.Close() })
			all.Go(func() { _, _ = io.Copy(from, to); from.Close() })
		}
	})
	t.Cleanup(func() { r.stop(); all.Wait() })
	return r
}

func (r *relay) keep(connections ...net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, connections...)
	if r.cut {
		r.closeAll()
	}
}

// stop cuts all connections and takes no more.
func (r *relay) stop() {
	r.listener.Close()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = true
	r.closeAll()
}

func (r *relay) closeAll() {
	for _, c := range r.open {
		c.Close()
	}
}

// To the process, a relay that is cut looks like an engine that died.
func TestAnEngineThatDiesInTheMiddleIsAnErrorAndSweepCleansUp(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	r := startRelay(t)
	id := runID("engine-died")
	t.Setenv("DOCKER_HOST", "unix://"+r.listener.Addr().String())
	began := time.Now()
	_, err := docker.Up(t.Context(), docker.Options{RunID: id, Choices: few, Progress: func(s stack.Step) {
		if strings.Contains(s.Detail, "is ready") {
			r.stop()
		}
	}})
	if err == nil || !strings.Contains(err.Error(), "fournines down") {
		t.Errorf("Up = %v, want an error that says how to remove what is left", err)
	}
	t.Logf("Up gave up after %v", time.Since(began).Round(time.Millisecond))

	t.Setenv("DOCKER_HOST", "unix:///var/run/docker.sock") // it is back
	swept, err := docker.Sweep(t.Context(), nil)
	if err != nil || !strings.Contains(swept.String(), id) {
		t.Errorf("Sweep = %q, %v, want that it removes run %q", swept, err, id)
	}
	expectNothing(t, id)
}
