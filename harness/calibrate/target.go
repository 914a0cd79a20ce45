package calibrate

import (
	"context"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/harness"
)

// What makes an answer bad: the load's timeout and latency bound, and the
// delay of a slow answer between the two.
const (
	timeout      = 500 * time.Millisecond
	latencyBound = 200 * time.Millisecond
	slowDelay    = 300 * time.Millisecond
)

// partialShare is the share of requests that a partial outage fails.
const partialShare = .1

// target is an HTTP server on 127.0.0.1 that breaks on command and writes down
// when. begin and end must not be called concurrently.
type target struct {
	seed    uint64
	addr    string
	server  http.Server
	serving sync.WaitGroup
	// outage is the present one; nil when the target is well.
	outage atomic.Pointer[outage]
	// transitions carries what the target says of itself while somebody
	// listens; see run.
	transitions chan harness.Signal

	mu       sync.Mutex
	listener net.Listener
	conns    map[net.Conn]bool
	refusing bool
	// failed is when the target decided to fail a request, by its number; since
	// the last call of taken.
	failed map[uint64]time.Time
}

// connKey is the key of a request's connection in its context.
type connKey struct{}

// newTarget starts a target; seed decides what a partial outage hits. The
// caller closes it.
func newTarget(seed uint64) (*target, error) {
	t := &target{seed: seed, conns: map[net.Conn]bool{}, failed: map[uint64]time.Time{}, transitions: make(chan harness.Signal, 16)}
	t.server = http.Server{
		Handler:           t,
		ReadHeaderTimeout: 10 * time.Second,
		ErrorLog:          log.New(io.Discard, "", 0),
		ConnState:         t.track,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
	listener, err := listenAnywhere()
	if err != nil {
		return nil, fmt.Errorf("start target: %w", err)
	}
	t.addr = listener.Addr().String()
	t.serve(listener)
	return t, nil
}

// listenAnywhere takes a port below those that Linux gives to outgoing
// connections: one of them could take the port while the listener is closed.
func listenAnywhere() (net.Listener, error) {
	const first, many = 20_000, 10_000
	var problem error
	for i := range 100 {
		port := first + (os.Getpid()+i)%many
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return listener, nil
		}
		problem = err
	}
	return nil, problem
}

// url is the address of request seq.
func (t *target) url(seq uint64) string {
	return "http://" + t.addr + "/" + strconv.FormatUint(seq, 10)
}

func (t *target) serve(listener net.Listener) {
	t.mu.Lock()
	t.listener = listener
	t.mu.Unlock()
	t.serving.Go(func() {
		// Its error is that the listener was closed, which is how it ends.
		_ = t.server.Serve(listener)
	})
}

// close ends the target and everything that it still holds.
func (t *target) close() {
	t.server.Close()
	t.serving.Wait()
}

// track keeps the list of live connections.
func (t *target) track(c net.Conn, state http.ConnState) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch state {
	case http.StateNew:
		if t.refusing {
			reset(c)
			return
		}
		t.conns[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(t.conns, c)
	}
}

// reset closes a connection with RST instead of FIN.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		// Without it the close is a gentle one, which is an end as well.
		_ = tcp.SetLinger(0)
	}
	c.Close()
}

// ServeHTTP answers as the present outage says. What happens to a request is
// decided here, at its arrival, and does not change when the outage ends.
func (t *target) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seq, err := strconv.ParseUint(strings.TrimPrefix(r.URL.Path, "/"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	o := t.outage.Load()
	if o == nil || !t.hit(o, seq, r) {
		fmt.Fprint(w, "well")
		return
	}
	o.failed.Add(1)
	t.enter(seq)
	switch o.mode {
	case Refused:
		panic(http.ErrAbortHandler) // its connection is about to be reset
	case Hung:
		<-r.Context().Done()
	case Slow:
		delay := time.NewTimer(slowDelay)
		defer delay.Stop()
		select {
		case <-delay.C:
			fmt.Fprint(w, "well, at last")
		case <-r.Context().Done():
		}
	default:
		http.Error(w, "scripted outage", http.StatusServiceUnavailable)
	}
}

// enter notes that request seq is failed now.
func (t *target) enter(seq uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed[seq] = time.Now()
}

// taken returns when which requests were failed, and forgets them.
func (t *target) taken() map[uint64]time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	failed := t.failed
	t.failed = map[uint64]time.Time{}
	return failed
}

// hit reports whether o is about request r, whose number is seq.
func (t *target) hit(o *outage, seq uint64, r *http.Request) bool {
	switch o.mode {
	case Partial:
		return rand.New(rand.NewPCG(t.seed, seq)).Float64() < partialShare
	case OneConnection:
		conn, _ := r.Context().Value(connKey{}).(net.Conn)
		o.conn.CompareAndSwap(nil, &conn)
		return *o.conn.Load() == conn
	}
	return true
}
