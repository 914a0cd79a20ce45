package inproc_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/inproc"
)

// up starts a stack for one test.
func up(t *testing.T, o inproc.Options) *inproc.Stack {
	t.Helper()
	leaks := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, leaks) })
	st, err := inproc.Up(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return st
}

func replica(t *testing.T, st stack.Stack, name string) stack.Replica {
	t.Helper()
	r, ok := stack.Find(st, name)
	if !ok {
		t.Fatalf("no replica %q", name)
	}
	return r
}

// registryEvents follows the registry until the test ends; only the events
// of one replica are kept. It restarts another replica until it sees that, so
// that nothing is missed after it returned.
func registryEvents(t *testing.T, st *inproc.Stack, name string) <-chan stack.Event {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	found, others := make(chan stack.Event, 100), make(chan stack.Event, 100)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = st.RegistryEvents(ctx, func(e stack.Event) {
			if e.Replica == name {
				found <- e
			} else {
				others <- e
			}
		})
	}()
	t.Cleanup(func() { cancel(); <-ended })
	other := replica(t, st, "catalog-3")
	for {
		if err := errors.Join(other.Kill(t.Context(), "KILL"), other.Start(t.Context())); err != nil {
			t.Fatal(err)
		}
		select {
		case <-others:
			return found
		case <-time.After(time.Second):
		}
	}
}

// next waits for an event.
func next(t *testing.T, events <-chan stack.Event) stack.Event {
	t.Helper()
	select {
	case e := <-events:
		return e
	case <-time.After(30 * time.Second):
		t.Fatal("no event within 30 s")
		return stack.Event{}
	}
}

func TestTheRegistrySeesHowAReplicaEnds(t *testing.T) {
	for _, tt := range []struct {
		rule string
		end  func(ctx context.Context, r stack.Replica) error
		kind string
		// back brings the replica back.
		back func(ctx context.Context, r stack.Replica) error
	}{
		{"killed: its lease expires", func(ctx context.Context, r stack.Replica) error { return r.Kill(ctx, "KILL") }, "lease-expired",
			func(ctx context.Context, r stack.Replica) error { return r.Start(ctx) }},
		{"paused: its lease expires", func(ctx context.Context, r stack.Replica) error { return r.Pause(ctx) }, "lease-expired",
			func(ctx context.Context, r stack.Replica) error { return r.Unpause(ctx) }},
		{"asked to stop: it deregisters", func(ctx context.Context, r stack.Replica) error { return r.Kill(ctx, "SIGTERM") }, "deregistered",
			func(ctx context.Context, r stack.Replica) error {
				awaitExit(ctx, r)
				return r.Start(ctx)
			}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			const ttl = time.Second
			st := up(t, inproc.Options{LeaseTTL: ttl, Drain: 100 * time.Millisecond})
			r := replica(t, st, "catalog-1")
			events := registryEvents(t, st, "catalog-1")
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			start := time.Now()
			if err := tt.end(ctx, r); err != nil {
				t.Fatal(err)
			}
			e := next(t, events)
			if e.Kind != tt.kind || e.Time.Before(start) {
				t.Errorf("event %+v, want %q after %v", e, tt.kind, start)
			}
			if took := e.Time.Sub(start); tt.kind == "lease-expired" && (took < ttl/3 || took > ttl+time.Second) {
				t.Errorf("the lease of %v expired after %v", ttl, took)
			}
			if err := tt.back(ctx, r); err != nil {
				t.Fatal(err)
			}
			if e := next(t, events); e.Kind != "registered" {
				t.Errorf("event %+v, want the replica registered again", e)
			}
		})
	}
}

// awaitExit waits until the replica's program is over or ctx is done.
func awaitExit(ctx context.Context, r stack.Replica) {
	for s, _ := r.Status(ctx); s != "exited" && ctx.Err() == nil; s, _ = r.Status(ctx) {
		_ = r.Ready(ctx) // takes its time
	}
}

func TestKillResetsConnectionsAndPauseHoldsThem(t *testing.T) {
	st := up(t, inproc.Options{})
	r := replica(t, st, "catalog-1")
	base, _ := st.URL("catalog-1")
	u, _ := url.Parse(base)
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			t.Fatalf("dial %s: %v", u.Host, err)
		}
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	ask := func(conn net.Conn, patience time.Duration) (string, error) {
		if _, err := io.WriteString(conn, "GET /-/live HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			return "", err
		}
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return resp.Status, err
	}
	before := dial()
	if line, err := ask(before, 10*time.Second); err != nil || line != "200 OK" {
		t.Fatalf("a running replica answers %q, %v", line, err)
	}
	if err := r.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	during := dial() // accepted
	for what, conn := range map[string]net.Conn{"an old": before, "a new": during} {
		_ = conn.SetReadDeadline(time.Time{})
		var timeout net.Error
		if line, err := ask(conn, 200*time.Millisecond); err == nil {
			t.Errorf("a paused replica answers %q on %s connection, want nothing", line, what)
		} else if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("a paused replica ends %s connection with %v, want it held", what, err)
		}
	}
	if err := r.Kill(t.Context(), "KILL"); err != nil {
		t.Fatal(err)
	}
	for what, conn := range map[string]net.Conn{"old": before, "new": during} {
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.ReadAll(conn); err == nil || !strings.Contains(err.Error(), "reset") {
			t.Errorf("the %s connection of a killed replica ends with %v, want a reset", what, err)
		}
	}
	if conn, err := net.Dial("tcp", u.Host); err == nil {
		conn.Close()
		t.Error("a killed replica accepts connections")
	}
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again, _ := st.URL("catalog-1"); again != base {
		t.Errorf("after a restart the replica is at %s, want %s again", again, base)
	}
}

func TestChangesThatMakeNoSenseAreRefused(t *testing.T) {
	st := up(t, inproc.Options{})
	ctx := t.Context()
	r := replica(t, st, "gateway-1")
	if err := r.Kill(ctx, "USR1"); err == nil || !strings.Contains(err.Error(), `"USR1"`) {
		t.Errorf("Kill(USR1) = %v, want an error that names the signal", err)
	}
	if err := r.Kill(ctx, "KILL"); err != nil {
		t.Fatal(err)
	}
	if err := r.Pause(ctx); err == nil {
		t.Error("Pause of an exited replica = nil, want an error")
	}
	if err := r.Unpause(ctx); err == nil {
		t.Error("Unpause of an exited replica = nil, want an error")
	}
	if err := st.Down(ctx); err != nil {
		t.Fatal(err)
	}
	if err := r.Start(ctx); err == nil {
		t.Error("Start after Down = nil, want an error")
	}
}

func TestTermOfAPausedReplicaWorksOnceItGoesOn(t *testing.T) {
	st := up(t, inproc.Options{Drain: 10 * time.Millisecond})
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	died := make(chan stack.Event, 1)
	go func() {
		_ = st.Events(ctx, func(e stack.Event) {
			if e.Kind == "died" {
				died <- e
			}
		})
	}()
	r := replica(t, st, "catalog-3")
	for _, change := range []func() error{
		func() error { return r.Pause(ctx) },
		func() error { return r.Kill(ctx, "TERM") },
	} {
		if err := change(); err != nil {
			t.Fatal(err)
		}
	}
	if s, err := r.Status(ctx); s != "paused" || err != nil {
		t.Errorf("status after TERM is %q, %v; want it still paused", s, err)
	}
	if err := r.Unpause(ctx); err != nil {
		t.Fatal(err)
	}
	if e := next(t, died); e.Replica != "catalog-3" || e.Detail != "exit code 0" {
		t.Errorf("event %+v, want catalog-3 to end with exit code 0", e)
	}
}

func TestLoadBalancingReachesEveryGateway(t *testing.T) {
	st := up(t, inproc.Options{})
	edge, _ := st.URL(stack.Edge)
	for range 9 {
		resp, err := http.Get(edge + "/api/catalog/items/1")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	http.DefaultClient.CloseIdleConnections()
	for _, name := range []string{"gateway-1", "gateway-2", "gateway-3"} {
		base, _ := st.URL(name)
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(must(http.NewRequest(http.MethodGet, base+"/metrics", nil)))
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !strings.Contains(string(text), `fournines_http_requests_total{code="200",service="catalog"}`) {
			t.Errorf("%s has answered no request of 9", name)
		}
	}
}

func must(r *http.Request, err error) *http.Request {
	if err != nil {
		panic(err)
	}
	return r
}
