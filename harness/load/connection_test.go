package load

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestFreshConnections(t *testing.T) {
	for _, test := range []struct {
		rule  string
		fresh bool
		want  func(conns int64) bool
	}{
		{"kept connections are shared", false, func(n int64) bool { return n < 20 }},
		{"fresh connections are opened for every request", true, func(n int64) bool { return n == 20 }},
	} {
		t.Run(test.rule, func(t *testing.T) {
			var remotes sync.Map
			var conns atomic.Int64
			l := start(t, Config{Rate: 100, For: 200 * time.Millisecond, FreshConnections: test.fresh}, func(_ http.ResponseWriter, r *http.Request) {
				if _, known := remotes.LoadOrStore(r.RemoteAddr, true); !known {
					conns.Add(1)
				}
			})
			run(t, t.Context(), l)
			if !test.want(conns.Load()) {
				t.Errorf("20 requests used %d connections", conns.Load())
			}
		})
	}
}

func TestRunClosesItsConnections(t *testing.T) {
	opened, closed := make(chan net.Conn, 100), make(chan net.Conn, 100)
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	srv.Config.ConnState = func(c net.Conn, s http.ConnState) {
		switch s {
		case http.StateNew:
			opened <- c
		case http.StateClosed:
			closed <- c
		}
	}
	srv.Start()
	defer srv.Close()
	l := open(t, Config{Rate: 100, For: 100 * time.Millisecond, Requests: func(uint64) Request { return Request{URL: srv.URL} }})
	run(t, t.Context(), l)
	for range len(opened) {
		select {
		case <-closed:
		case <-time.After(10 * time.Second):
			t.Fatal("a connection is still open 10 s after the run")
		}
	}
}

func TestRequestIsSentAsItIs(t *testing.T) {
	l := start(t, Config{Rate: 1, For: time.Second}, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPut || r.URL.RawQuery != "a=b" || r.Header.Get("X-Client") != "seven" || string(body) != "lamp" {
			t.Errorf("%s %s with X-Client %q and body %q, %v", r.Method, r.URL, r.Header.Get("X-Client"), body, err)
		}
		if r.Header.Get("X-Vegeta-Seq") != "" {
			t.Error("the generator's own header was sent")
		}
		w.WriteHeader(http.StatusCreated)
	})
	url := l.Requests(0).URL + "?a=b"
	l.Requests = func(uint64) Request {
		return Request{Method: http.MethodPut, URL: url, Header: http.Header{"X-Client": {"seven"}}, Body: []byte("lamp"), Want: http.StatusCreated}
	}
	if e := run(t, t.Context(), l)[0]; e.Class != harness.OK || e.Status != http.StatusCreated {
		t.Errorf("event %+v, want ok with status 201", e)
	}
}
