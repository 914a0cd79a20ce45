package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/loopback"
)

// start makes a load from c against handler; zero fields get values that suit
// a test.
func start(t *testing.T, c Config, handler http.HandlerFunc) *openLoop {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	if c.Requests == nil {
		c.Requests = func(seq uint64) Request { return Request{URL: fmt.Sprintf("%s/%d", srv.URL, seq)} }
	}
	return open(t, c)
}

func open(t *testing.T, c Config) *openLoop {
	t.Helper()
	if c.Rate == 0 {
		c.Rate = 200
	}
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	l, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return l.(*openLoop)
}

// run collects the events of a load by seq, and fails the test when a number
// is missing or comes twice.
func run(t *testing.T, ctx context.Context, l harness.Load) []harness.Event {
	t.Helper()
	bySeq := map[uint64]harness.Event{}
	if err := l.Run(ctx, func(e harness.Event) {
		if _, twice := bySeq[e.Seq]; twice {
			t.Errorf("event %d was emitted twice", e.Seq)
		}
		bySeq[e.Seq] = e
	}); err != nil {
		t.Fatalf("Run = %v, want nil", err)
	}
	events := make([]harness.Event, len(bySeq))
	for seq := range events {
		e, ok := bySeq[uint64(seq)]
		if !ok {
			t.Fatalf("%d events, but none with seq %d", len(bySeq), seq)
		}
		events[seq] = e
	}
	return events
}

func count(events []harness.Event) map[harness.Class]int {
	n := map[harness.Class]int{}
	for _, e := range events {
		n[e.Class]++
	}
	return n
}

func TestRunSendsEveryScheduledRequestOnceAtItsTime(t *testing.T) {
	var served sync.Map
	l := start(t, Config{Rate: 200, For: 500 * time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
		if _, twice := served.LoadOrStore(r.URL.Path, true); twice {
			t.Errorf("request %s was served twice", r.URL.Path)
		}
	})
	before := time.Now()
	events := run(t, t.Context(), l)
	if len(events) != 100 {
		t.Fatalf("%d events, want 100", len(events))
	}
	first := events[0].Intended
	if first.Before(before) {
		t.Errorf("first request intended at %v, before Run was called at %v", first, before)
	}
	for i, e := range events {
		if e.Class != harness.OK || e.Status != 200 || e.Detail != "" {
			t.Fatalf("event %d = %+v, want ok with status 200", i, e)
		}
		if got, want := e.Intended.Sub(first), time.Duration(i)*5*time.Millisecond; got != want {
			t.Errorf("request %d intended %v after the first, want %v", i, got, want)
		}
		if e.Sent.Before(e.Intended) {
			t.Errorf("request %d was sent %v early", i, e.Intended.Sub(e.Sent))
		}
		if e.Latency < e.Sent.Sub(e.Intended) {
			t.Errorf("request %d: latency %v does not hold its lag %v", i, e.Latency, e.Sent.Sub(e.Intended))
		}
		if _, ok := served.Load(fmt.Sprintf("/%d", i)); !ok {
			t.Errorf("request %d never came to the server", i)
		}
	}
}

func TestRunMayBeCalledAgain(t *testing.T) {
	l := start(t, Config{Rate: 200, For: 50 * time.Millisecond}, func(http.ResponseWriter, *http.Request) {})
	for i := range 3 {
		if n := count(run(t, t.Context(), l))[harness.OK]; n != 10 {
			t.Fatalf("run %d: %d answers, want 10", i, n)
		}
	}
}

func TestLoadGoesToAllowedHostsOnly(t *testing.T) {
	t.Run("a first request elsewhere is a configuration error", func(t *testing.T) {
		_, err := New(Config{Rate: 1, Timeout: time.Second, Requests: func(uint64) Request {
			return Request{URL: "http://192.0.2.1/"}
		}})
		if !errors.Is(err, loopback.ErrNotAllowed) {
			t.Errorf("New = %v, want ErrNotAllowed", err)
		}
	})
	t.Run("a later request elsewhere stops the load and is not sent", func(t *testing.T) {
		srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		defer srv.Close()
		l := open(t, Config{Requests: func(seq uint64) Request {
			if seq == 5 {
				return Request{URL: "http://192.0.2.1/"}
			}
			return Request{URL: srv.URL}
		}})
		var fifth harness.Event
		err := l.Run(t.Context(), func(e harness.Event) {
			if e.Seq == 5 {
				fifth = e
			}
		})
		if !errors.Is(err, loopback.ErrNotAllowed) || !strings.Contains(err.Error(), "request 5") {
			t.Errorf("Run = %v, want ErrNotAllowed for request 5", err)
		}
		if fifth.Class != harness.NotSent {
			t.Errorf("request 5 = %+v, want not-sent", fifth)
		}
	})
}

func TestNewNamesEverythingThatIsWrong(t *testing.T) {
	_, err := New(Config{Rate: -1, Timeout: -1, For: -1, MaxBody: -1})
	if err == nil {
		t.Fatal("New = nil, want an error")
	}
	for _, part := range []string{"rate is -1", "timeout is -1ns", "length is -1ns", "body limit is -1", "no source"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
	_, err = New(Config{Rate: 10_000, Timeout: time.Minute, Requests: func(uint64) Request { return Request{URL: "http://127.0.0.1:1"} }})
	if err == nil || !strings.Contains(err.Error(), "600000 requests under way") {
		t.Errorf("New = %v, want a refusal of 600000 requests under way", err)
	}
}
