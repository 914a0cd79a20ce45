package probe

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestHTTP(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/healthz":
			io.WriteString(w, "all is well")
		case "/moved":
			http.Redirect(w, r, "/healthz", http.StatusFound)
		case "/hangs":
			<-r.Context().Done()
		case "/half":
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "half")
		default:
			http.Error(w, "draining:\n "+strings.Repeat("x", 200), http.StatusServiceUnavailable)
		}
	}))
	defer srv.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()

	tests := []struct {
		rule  string
		probe harness.Probe
		// want are parts of the error; none means healthy.
		want []string
	}{
		{"the expected status is healthy", HTTP("h", srv.URL+"/healthz", 200), nil},
		{"an expected error status is healthy", HTTP("h", srv.URL+"/else", 503), nil},
		{"another status says both and why", HTTP("h", srv.URL+"/else", 200), []string{`check "h"`, "expected status 200", `saw 503: "draining: xxx`, "…"}},
		{"the expected text is healthy", HTTP("h", srv.URL+"/healthz", 200, Contains("is well")), nil},
		{"another text says both", HTTP("h", srv.URL+"/healthz", 200, Contains("ok")), []string{`expected a body with "ok"`, `saw "all is well"`}},
		{"a redirect is not followed", HTTP("h", srv.URL+"/moved", 200), []string{"expected status 200, saw 302"}},
		{"a refused connection says so", HTTP("h", closed, 200), []string{"expected status 200, saw", "connection refused"}},
		{"a server that hangs is cut off at the timeout", HTTP("h", srv.URL+"/hangs", 200, Timeout(50*time.Millisecond)), []string{"expected status 200, saw no answer within 50ms"}},
		{"half a body is not healthy", HTTP("h", srv.URL+"/half", 200), []string{"expected a whole body, saw status 200", "unexpected EOF"}},
		{"a server that is nowhere is not healthy", HTTPAt("h", nowhere, "/healthz", 200), []string{"no such server"}},
		{"a path is put behind the base", HTTPAt("h", at(srv.URL), "/healthz", 200), nil},
		{"another machine is not asked", HTTP("h", "http://192.0.2.1/", 200), []string{"not allowed"}},
		{"something that is no URL is an error", HTTP("h", "http://%zz", 200), []string{"parse URL"}},
	}
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			checkError(t, test.probe.Check(t.Context()), test.want)
		})
	}
}

func checkError(t *testing.T, err error, want []string) {
	t.Helper()
	if len(want) == 0 {
		if err != nil {
			t.Errorf("Check = %v, want nil", err)
		}
		return
	}
	if err == nil {
		t.Fatalf("Check = nil, want an error with %q", want)
	}
	for _, part := range want {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("Check = %v, want an error with %q", err, part)
		}
	}
}

func TestHTTPAsksForTheAddressEveryTime(t *testing.T) {
	answer := func(status int) string {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(srv.Close)
		return srv.URL
	}
	urls := []string{answer(503), answer(200)}
	p := HTTPAt("moves", func() (string, bool) {
		url := urls[0]
		urls = urls[1:]
		return url, true
	}, "", 200)
	checkError(t, p.Check(t.Context()), []string{"saw 503"})
	checkError(t, p.Check(t.Context()), nil)
}

func TestConnections(t *testing.T) {
	for _, test := range []struct {
		rule string
		opts []Option
		want int
	}{
		{"a probe opens a connection for every check", nil, 3},
		{"a pooled probe keeps its connection", []Option{Pooled()}, 1},
	} {
		t.Run(test.rule, func(t *testing.T) {
			var mu sync.Mutex
			clients := map[string]bool{}
			srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				mu.Lock()
				defer mu.Unlock()
				clients[r.RemoteAddr] = true
			}))
			defer srv.Close()
			p := HTTP("h", srv.URL, 200, test.opts...)
			defer p.(*httpProbe).client.CloseIdleConnections()
			for range 3 {
				checkError(t, p.Check(t.Context()), nil)
			}
			if len(clients) != test.want {
				t.Errorf("3 checks used %d connections, want %d", len(clients), test.want)
			}
		})
	}
}
