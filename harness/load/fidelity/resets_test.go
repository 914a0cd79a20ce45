package fidelity

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
)

// resetEvery is how many requests a resetting target takes for each reset.
const resetEvery = 10

// resetting is a target that answers and, at every tenth request, resets the
// connection instead: in turn before the answer, which net/http tries again
// over another connection, and in the midst of it, which is a failure.
type resetting struct {
	listener net.Listener
	conns    sync.WaitGroup
	requests atomic.Int64
	resets   atomic.Int64

	mu   sync.Mutex
	open map[*net.TCPConn]bool
}

// newResetting listens on a free port of 127.0.0.1 until the test ends.
func newResetting(tb testing.TB) *resetting {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	t := &resetting{listener: l, open: map[*net.TCPConn]bool{}}
	t.conns.Go(t.accept)
	tb.Cleanup(func() {
		l.Close()
		t.mu.Lock()
		for c := range t.open {
			c.Close()
		}
		t.mu.Unlock()
		t.conns.Wait()
	})
	return t
}

func (t *resetting) url() string { return "http://" + t.listener.Addr().String() + "/" }

func (t *resetting) accept() {
	for {
		c, err := t.listener.Accept()
		if err != nil {
			return
		}
		tcp := c.(*net.TCPConn)
		t.mu.Lock()
		t.open[tcp] = true
		t.mu.Unlock()
		t.conns.Go(func() {
			t.serve(tcp)
			t.mu.Lock()
			delete(t.open, tcp)
			t.mu.Unlock()
			tcp.Close()
		})
	}
}

// serve answers one connection's requests until its turn to be reset comes.
func (t *resetting) serve(c *net.TCPConn) {
	in := bufio.NewReaderSize(c, 1<<10)
	for {
		request, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		request.Body.Close()
		n := t.requests.Add(1)
		if n%resetEvery == 0 {
			if n%(2*resetEvery) == 0 {
				fmt.Fprint(c, answer[:len(answer)-5])
			}
			t.resets.Add(1)
			c.SetLinger(0) // close with RST
			return
		}
		if _, err := io.WriteString(c, answer); err != nil {
			return
		}
	}
}

func TestResettingTargetFailsSomeAndAnswersTheRest(t *testing.T) {
	tg := newResetting(t)
	l, err := load.New(load.Config{Rate: 500, Timeout: timeout, Requests: to(tg.url()), For: harness.TickWidth * 10})
	if err != nil {
		t.Fatal(err)
	}
	classes := map[harness.Class]int{}
	if err := l.Run(t.Context(), func(e harness.Event) { classes[e.Class]++ }); err != nil {
		t.Fatal(err)
	}
	bad := 0
	for class, n := range classes {
		if class != harness.OK {
			bad += n
		}
	}
	if resets := int(tg.resets.Load()); classes[harness.OK] < 400 || bad < resets/4 || bad > resets || resets < 40 {
		t.Errorf("classes %v of 500 requests with %d resets; want most ok, and of the resets about half to fail", classes, resets)
	}
}
