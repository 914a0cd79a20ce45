package fidelity

import (
	"bytes"
	"fmt"
	"net"
	"strconv"
	"sync"
	"testing"
	"time"
)

// answer is the whole answer to every request.
const answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 22\r\n\r\n" + `{"id":1,"name":"lamp"}`

// maxRequest bounds one request's header.
const maxRequest = 8 << 10

// arrival is one request at the target.
type arrival struct {
	// seq is the request's place in the generator's schedule, from 0; -1 when
	// the request does not tell.
	seq int
	at  time.Time
}

// target answers HTTP/1.1 requests without a body and notes when each arrived.
type target struct {
	listener net.Listener
	conns    sync.WaitGroup

	mu        sync.Mutex
	open      map[net.Conn]bool
	arrivals  []arrival
	unstamped int // arrivals that the kernel put no time on
}

// newTarget listens on a free port of 127.0.0.1 until the test ends. It has
// room for the given number of arrivals, and more at a price.
func newTarget(tb testing.TB, room int) *target {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	t := &target{listener: l, open: map[net.Conn]bool{}, arrivals: make([]arrival, 0, room)}
	if err := wantStamps(l.(*net.TCPListener)); err != nil {
		tb.Logf("arrivals are stamped by the target itself: %v", err)
	}
	t.conns.Go(t.accept)
	tb.Cleanup(t.close)
	return t
}

// url is where the target answers.
func (t *target) url() string { return "http://" + t.listener.Addr().String() + "/" }

// taken returns the arrivals so far, in no order, and forgets them.
func (t *target) taken() (arrivals []arrival, unstamped int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	arrivals, unstamped = t.arrivals, t.unstamped
	t.arrivals, t.unstamped = nil, 0
	return arrivals, unstamped
}

// close ends the target; it may be called twice.
func (t *target) close() {
	t.listener.Close()
	t.mu.Lock()
	for c := range t.open {
		c.Close()
	}
	t.mu.Unlock()
	t.conns.Wait()
}

func (t *target) accept() {
	for {
		c, err := t.listener.Accept()
		if err != nil {
			return
		}
		t.mu.Lock()
		t.open[c] = true
		t.mu.Unlock()
		t.conns.Go(func() {
			t.serve(c.(*net.TCPConn))
			t.mu.Lock()
			delete(t.open, c)
			t.mu.Unlock()
			c.Close()
		})
	}
}

// serve answers one connection's requests until either side ends it.
func (t *target) serve(c *net.TCPConn) {
	in, err := newStampedReader(c)
	if err != nil {
		return
	}
	buf := make([]byte, 0, maxRequest)
	first, stamped := time.Time{}, false
	for {
		n, at, ok, err := in.read(buf[len(buf):cap(buf)])
		if err != nil || n == 0 {
			return
		}
		if len(buf) == 0 {
			first, stamped = at, ok
		}
		buf = buf[:len(buf)+n]
		if !bytes.HasSuffix(buf, []byte("\r\n\r\n")) {
			if len(buf) == cap(buf) {
				return
			}
			continue
		}
		t.note(arrival{seqOf(buf), first}, stamped)
		buf = buf[:0]
		if _, err := c.Write([]byte(answer)); err != nil {
			return
		}
	}
}

// seqOf reads a request's place in the schedule: vegeta tells it in a header,
// others as the path, GET /17.
func seqOf(request []byte) int {
	const header, path = "\r\nX-Vegeta-Seq: ", "GET /"
	digits, ok := bytes.CutPrefix(request, []byte(path))
	if _, after, found := bytes.Cut(request, []byte(header)); found {
		digits, ok = after, true
	}
	if !ok {
		return -1
	}
	end := bytes.IndexAny(digits, " \r")
	seq, err := strconv.Atoi(string(digits[:max(0, end)]))
	if err != nil {
		return -1
	}
	return seq
}

func (t *target) note(a arrival, stamped bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.arrivals = append(t.arrivals, a)
	if !stamped {
		t.unstamped++
	}
}

func TestTargetNotesEveryArrival(t *testing.T) {
	tg := newTarget(t, 10)
	c, err := net.Dial("tcp", tg.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	before := time.Now()
	for i, head := range []string{"GET /0 HTTP/1.1\r\nHost: a", "GET / HTTP/1.1\r\nX-Vegeta-Seq: 1\r\nHost: a", "GET /2 HTTP/1.1"} {
		for _, part := range []string{head, "\r\n\r\n"} {
			if _, err := fmt.Fprint(c, part); err != nil {
				t.Fatal(err)
			}
		}
		buf := make([]byte, len(answer))
		if n, err := c.Read(buf); err != nil || string(buf[:n]) != answer {
			t.Fatalf("answer %d: %q, %v", i, buf[:n], err)
		}
	}
	after := time.Now()
	arrivals, unstamped := tg.taken()
	if len(arrivals) != 3 {
		t.Fatalf("%d arrivals, want 3", len(arrivals))
	}
	for i, a := range arrivals {
		if a.seq != i {
			t.Errorf("arrival %d has number %d", i, a.seq)
		}
		// The kernel's clock and Go's are the same; a millisecond for rounding.
		if a.at.Before(before.Add(-time.Millisecond)) || a.at.After(after.Add(time.Millisecond)) {
			t.Errorf("arrival %d at %v, want between %v and %v (unstamped: %d)", i, a.at, before, after, unstamped)
		}
	}
	if again, _ := tg.taken(); len(again) != 0 {
		t.Errorf("%d arrivals are told twice", len(again))
	}
}
