package httpfault_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/agenttest"
	"github.com/fournines/fournines/harness/agent/httpfault"
	"github.com/fournines/fournines/harness/agent/nft"
)

const text = `{"id":1,"name":"lamp","price":1295}`

// service is a small HTTP service in the test's own namespace.
type service struct {
	port uint16
	seen atomic.Int64
	hold chan struct{}
}

func serve(t *testing.T) *service {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	s := &service{port: uint16(l.Addr().(*net.TCPAddr).Port), hold: make(chan struct{})}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.seen.Add(1)
		if r.URL.Path == "/held" {
			w.(http.Flusher).Flush()
			<-s.hold
		}
		w.Header().Set("X-Host", r.Host)
		w.Header().Set("X-Query", r.URL.RawQuery)
		io.WriteString(w, text)
	})}
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })
	return s
}

func (s *service) url(path string) string { return fmt.Sprintf("http://127.0.0.1:%d%s", s.port, path) }

// hold puts a spec into effect until the test ends.
func hold(t *testing.T, spec httpfault.Spec) agent.Effect {
	t.Helper()
	e, err := httpfault.New(spec.Args())
	if err != nil {
		t.Fatal(err)
	}
	before, err := e.Before(t.Context())
	if errors.Is(err, nft.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil || before["service"] == "" {
		t.Fatalf("Before = %v, %v", before, err)
	}
	if err := e.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Undo(t.Context(), nil) })
	return e
}

// look is what a look at a URL sees.
func look(t *testing.T, url, proof string) agent.Seen {
	t.Helper()
	e, err := httpfault.NewLook(map[string]string{"url": url, "proof": proof})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := e.Seen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

func TestEffect(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	half := len(text) / 2
	for _, tt := range []struct {
		name string
		spec httpfault.Spec
		// want is what the counters of a look have to say.
		want func(c map[string]int64) bool
	}{
		{"a delay", httpfault.Spec{Kind: httpfault.Delay, Latency: 1500 * time.Millisecond, Jitter: 100 * time.Millisecond},
			func(c map[string]int64) bool { return c["status"] == 200 && c["fastest-ns"] >= 1400e6 }},
		{"an abort", httpfault.Spec{Kind: httpfault.Abort, Status: 503},
			func(c map[string]int64) bool { return c["status"] == 503 && c["reset"] == 0 }},
		{"a reset", httpfault.Spec{Kind: httpfault.Reset},
			func(c map[string]int64) bool { return c["status"] == 0 && c["reset"] == 1 }},
		{"a body cut in two", httpfault.Spec{Kind: httpfault.Body, Change: httpfault.Truncated},
			func(c map[string]int64) bool {
				return c["bytes"] == int64(half) && c["announced"] == int64(half) && c["reset"] == 0
			}},
		{"a body cut in two with the length of the whole", httpfault.Spec{Kind: httpfault.Body, Change: httpfault.Truncated, WrongLength: true},
			func(c map[string]int64) bool {
				return c["bytes"] == int64(half) && c["announced"] == int64(len(text)) && c["reset"] == 1
			}},
		{"no body", httpfault.Spec{Kind: httpfault.Body, Change: httpfault.Emptied},
			func(c map[string]int64) bool { return c["bytes"] == 0 && c["announced"] == 0 && c["status"] == 200 }},
		{"another body", httpfault.Spec{Kind: httpfault.Body, Change: httpfault.Replaced, Text: "maintenance"},
			func(c map[string]int64) bool { return c["bytes"] == 11 && c["announced"] == 11 }},
		{"another body with a wrong length", httpfault.Spec{Kind: httpfault.Body, Change: httpfault.Replaced, Text: strings.Repeat("x", 99), WrongLength: true},
			func(c map[string]int64) bool { return c["bytes"] == 99 && c["announced"] == 100 && c["reset"] == 1 }},
		{"a garbled body", httpfault.Spec{Kind: httpfault.Body, Change: httpfault.Garbled},
			func(c map[string]int64) bool {
				return c["bytes"] == int64(len(text)) && c["announced"] == int64(len(text)) && c["status"] == 200
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := serve(t)
			before := look(t, s.url("/a"), "me")
			tt.spec.Port, tt.spec.Path, tt.spec.Share, tt.spec.Proof = s.port, "/a", 1, "me"
			e := hold(t, tt.spec)
			during := look(t, s.url("/a?x=1"), "nobody")
			if !tt.want(during.Counters) || during.Counters["hash"] == before.Counters["hash"] && tt.spec.Kind != httpfault.Delay {
				t.Errorf("during: %s %v", during.Detail, during.Counters)
			}
			if tt.want(before.Counters) && tt.spec.Kind != httpfault.Body {
				t.Errorf("before, it looks no different: %s", before.Detail)
			}
			if other := look(t, s.url("/b"), "nobody"); other.Counters["hash"] != before.Counters["hash"] || tt.spec.Kind == httpfault.Delay && other.Counters["fastest-ns"] >= 1400e6 {
				t.Errorf("another path: %s", other.Detail)
			}
			if marked := look(t, s.url("/b"), "me"); !tt.want(marked.Counters) {
				t.Errorf("another path with the mark of the proof: %s", marked.Detail)
			} else if marked.Counters["control-hash"] != before.Counters["hash"] || marked.Counters["control-status"] != 200 {
				t.Errorf("a request that is to be spared: %v", marked.Counters)
			}
			seen, err := e.Seen(t.Context())
			if err != nil || !seen.Active || seen.Counters["redirected"] < 12 || seen.Counters["hit"] != 7 || seen.Counters["requests"] != 12 {
				t.Errorf("Seen = %+v, %v; want 12 connections and 7 hits", seen, err)
			}
			for range 2 {
				if err := e.Undo(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
			after := look(t, s.url("/a"), "me")
			if after.Counters["hash"] != before.Counters["hash"] || after.Counters["status"] != 200 {
				t.Errorf("after: %s", after.Detail)
			}
			if seen, err := e.Seen(t.Context()); err != nil || seen.Active {
				t.Errorf("Seen after Undo = %+v, %v", seen, err)
			}
		})
	}
}

func TestConnectionsFromBefore(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	s := serve(t)
	// Connections are followed from the first redirection on, as in a container.
	tracking, err := nft.Create("fournines-track", nft.Chain{Name: "out", Type: nft.NAT, Hook: nft.Output, Rules: []nft.Rule{{Match: []nft.Match{nft.ToTCP(1)}, Do: nft.Redirect(2)}}})
	if err != nil {
		t.Skip(err)
	}
	defer tracking.Close()
	kept := &http.Transport{MaxIdleConnsPerHost: 1}
	get := func(path string) (int, error) {
		r, err := http.NewRequest(http.MethodGet, s.url(path), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := kept.RoundTrip(r)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		_, err = io.ReadAll(resp.Body)
		return resp.StatusCode, err
	}
	if status, err := get("/"); status != 200 || err != nil {
		t.Fatal(status, err)
	}
	under, err := http.Get(s.url("/held"))
	if err != nil {
		t.Fatal(err)
	}
	e := hold(t, httpfault.Spec{Port: s.port, Kind: httpfault.Abort, Status: 503, Path: "/", Share: 1})
	if status, err := get("/"); status != 503 || err != nil {
		t.Errorf("a kept connection gives %d, %v; want it replaced by one that is hit", status, err)
	}
	seen, err := e.Seen(t.Context())
	if err != nil || seen.Counters["reset"] == 0 {
		t.Errorf("Seen = %+v, %v; want a connection from before reset", seen, err)
	}
	close(s.hold)
	if body, err := io.ReadAll(under.Body); err != nil || string(body) != text {
		t.Errorf("an answer that was under way: %q, %v", body, err)
	}
	if err := e.Undo(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if status, err := get("/"); status != 200 || err != nil {
		t.Errorf("a connection through the proxy, afterwards: %d, %v", status, err)
	}
}

func TestShareIsKept(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	s := serve(t)
	var lists [2][]int
	for i := range lists {
		e := hold(t, httpfault.Spec{Port: s.port, Kind: httpfault.Abort, Status: 502, Path: "/", Share: 0.25, Seed: 7})
		client := &http.Client{Transport: &http.Transport{}}
		for range 400 {
			resp, err := client.Get(s.url("/"))
			if err != nil {
				t.Fatal(err)
			}
			io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			lists[i] = append(lists[i], resp.StatusCode)
		}
		if err := e.Undo(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
	}
	hits := 0
	for i, status := range lists[0] {
		if status != lists[1][i] {
			t.Fatalf("request %d: %d and %d by the same seed", i, status, lists[1][i])
		}
		if status == 502 {
			hits++
		}
	}
	if hits < 70 || hits > 130 { // 100 ± 3.5 sigma
		t.Errorf("%d of 400 requests hit, want about a quarter", hits)
	}
}

func TestNothingThatListensIsRefused(t *testing.T) {
	if !agenttest.Namespace(t) {
		return
	}
	e, err := httpfault.New(httpfault.Spec{Port: 9, Kind: httpfault.Reset}.Args())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Before(t.Context()); err == nil || errors.Is(err, nft.ErrUnsupported) || !strings.Contains(err.Error(), "want a service that listens on port 9") {
		t.Errorf("Before = %v", err)
	}
}

func TestArguments(t *testing.T) {
	good := httpfault.Spec{Port: 80, Kind: httpfault.Body, Change: httpfault.Garbled}
	for name, c := range map[string]struct{ argument, value, want string }{
		"no port":         {"port", "0", `"port"`},
		"no number":       {"seed", "x", `"seed"`},
		"an odd kind":     {"kind", "dance", "want one of delay"},
		"an odd change":   {"change", "dance", "want one of truncated"},
		"too large share": {"share", "2", "from 0 to 1"},
	} {
		args := good.Args()
		args[c.argument] = c.value
		if _, err := httpfault.New(args); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: New = %v, want %q", name, err, c.want)
		}
	}
	if _, err := httpfault.New(good.Args()); err != nil {
		t.Error(err)
	}
	if _, err := httpfault.NewLook(nil); err == nil {
		t.Error("a look at nothing is possible")
	}
}
