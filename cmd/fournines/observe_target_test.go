package main

import (
	"net"
	"net/http"
	"sync"
	"testing"
	"time"
)

// mode is what a target does to requests.
type mode string

const (
	answering mode = "answering"
	failing   mode = "answering 503"
	hanging   mode = "hanging"
	gone      mode = "refusing connections"
)

// target is a small server that a test breaks by hand.
type target struct {
	t    *testing.T
	addr string
	// asked receives the mode of every request that arrives, as far as
	// somebody listens.
	asked chan mode

	mu     sync.Mutex
	mode   mode
	server *http.Server
	broken []breakage
}

// breakage is a time in which the target was broken on purpose.
type breakage struct {
	mode     mode
	from, to time.Time
}

// newTarget answers until the test ends.
func newTarget(t *testing.T) *target {
	g := &target{t: t, addr: "127.0.0.1:0", mode: answering, asked: make(chan mode)}
	g.listen()
	t.Cleanup(func() { g.server.Close() })
	return g
}

func (g *target) url() string { return "http://" + g.addr + "/health" }

// listen opens the target's port, always the same one.
func (g *target) listen() {
	l, err := net.Listen("tcp", g.addr)
	if err != nil {
		g.t.Fatal(err)
	}
	g.addr = l.Addr().String()
	server := &http.Server{Handler: g}
	g.server = server
	go server.Serve(l)
}

func (g *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	now := g.mode
	g.mu.Unlock()
	select {
	case g.asked <- now:
	default:
	}
	switch now {
	case failing:
		http.Error(w, "the database is gone", http.StatusServiceUnavailable)
	case hanging:
		<-r.Context().Done()
	}
}

// become changes what happens to requests that arrive from now on.
func (g *target) become(m mode) {
	g.mu.Lock()
	g.mode = m
	g.mu.Unlock()
}

// await returns when n requests have met the mode.
func (g *target) await(m mode, n int) {
	g.t.Helper()
	timeout := time.NewTimer(time.Minute)
	defer timeout.Stop()
	for n > 0 {
		select {
		case met := <-g.asked:
			if met == m {
				n--
			}
		case <-timeout.C:
			g.t.Fatalf("no request met the target %s within a minute", m)
		}
	}
}

// breakFor breaks the target until done returns, and repairs it.
func (g *target) breakFor(m mode, done func()) {
	g.t.Helper()
	b := breakage{mode: m, from: time.Now()}
	g.become(m)
	if m == gone {
		g.server.Close()
	}
	done()
	if m == gone {
		g.become(answering)
		g.listen()
	}
	g.become(answering)
	b.to = time.Now()
	g.broken = append(g.broken, b)
}
