package bulk

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/fournines/fournines/reports/logs"
)

// index is a bulk endpoint that keeps documents by their ID. verdict decides on
// each by its message and on how many times it was offered; 0 is 201.
type index struct {
	mu      sync.Mutex
	kept    map[string]source
	offered map[string]int
	calls   int
	// whole answers a call in place of the endpoint when it returns true.
	whole   func(call int, w http.ResponseWriter) bool
	verdict func(message string, time int) int
	names   map[string]bool
	// authorization is what the last call had.
	authorization string
}

func (x *index) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.calls++
	x.authorization = r.Header.Get("Authorization")
	if r.Method != http.MethodPost || r.URL.Path != "/es/_bulk" || r.Header.Get("Content-Type") != "application/x-ndjson" {
		http.Error(w, "no bulk request", http.StatusBadRequest)
		return
	}
	if x.whole != nil && x.whole(x.calls, w) {
		return
	}
	var items []string
	failed := false
	lines := bufio.NewScanner(r.Body)
	for lines.Scan() {
		var action struct {
			Index struct {
				Index string `json:"_index"`
				ID    string `json:"_id"`
			}
		}
		var doc source
		if json.Unmarshal(lines.Bytes(), &action) != nil || !lines.Scan() || json.Unmarshal(lines.Bytes(), &doc) != nil {
			http.Error(w, "no NDJSON", http.StatusBadRequest)
			return
		}
		x.names[action.Index.Index] = true
		x.offered[doc.Message]++
		status := http.StatusCreated
		if x.verdict != nil {
			if s := x.verdict(doc.Message, x.offered[doc.Message]); s != 0 {
				status = s
			}
		}
		if status >= 300 {
			failed = true
			items = append(items, fmt.Sprintf(`{"index":{"_id":%q,"status":%d,"error":{"type":"mapper_parsing_exception","reason":"no such \u001b[31mfield"}}}`, action.Index.ID, status))
			continue
		}
		x.kept[action.Index.ID] = doc
		items = append(items, fmt.Sprintf(`{"index":{"_id":%q,"status":%d}}`, action.Index.ID, status))
	}
	fmt.Fprintf(w, `{"took":3,"errors":%v,"items":[%s]}`, failed, strings.Join(items, ","))
}

var started = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

func record(message string) logs.Record {
	return logs.Record{
		Scenario: "kill", Trial: 2, At: 1500 * time.Millisecond, Replica: "gateway-1", Component: "gateway",
		JSON: json.RawMessage(fmt.Sprintf(`{"level":"WARN","msg":%q,"request_id":"r1","took":5}`, message)),
	}
}

// messages is what the endpoint holds, by ID.
func (x *index) messages() map[string]string {
	x.mu.Lock()
	defer x.mu.Unlock()
	all := map[string]string{}
	for id, doc := range x.kept {
		all[id] = doc.Message
	}
	return all
}

func TestShip(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	const rest = " request_id=r1"
	for _, c := range []struct {
		rule    string
		whole   func(int, http.ResponseWriter) bool
		verdict func(string, int) int
		want    map[string]string
		calls   int
		// problem is part of what Close says; empty is nil.
		problem string
	}{
		{"all lines arrive", nil, nil, map[string]string{"1": "a took=5" + rest, "2": "b took=5" + rest}, 1, ""},
		{"one that is refused is not sent again, and does not hold up the others", nil,
			func(m string, _ int) int {
				if strings.HasPrefix(m, "a") {
					return http.StatusBadRequest
				}
				return 0
			}, map[string]string{"2": "b took=5" + rest}, 1, `1 of 2 lines were taken, 1 refused, 0 lost, 0 dropped unsent: status 400, "mapper_parsing_exception: no such \x1b`},
		{"one that is put off is sent again, alone", nil,
			func(m string, time int) int {
				if strings.HasPrefix(m, "b") && time < 3 {
					return http.StatusTooManyRequests
				}
				return 0
			}, map[string]string{"1": "a took=5" + rest, "2": "b took=5" + rest}, 3, ""},
		{"an endpoint that is busy is asked again",
			func(call int, w http.ResponseWriter) bool {
				if call > 2 {
					return false
				}
				w.WriteHeader([]int{http.StatusTooManyRequests, http.StatusServiceUnavailable}[call-1])
				return true
			}, nil, map[string]string{"1": "a took=5" + rest, "2": "b took=5" + rest}, 3, ""},
		{"one that stays busy is given up",
			func(_ int, w http.ResponseWriter) bool { w.WriteHeader(http.StatusTooManyRequests); return true },
			nil, map[string]string{}, attempts, "0 of 2 lines were taken, 0 refused, 2 lost, 0 dropped unsent: it answers 429"},
		{"one that refuses everything is asked once",
			func(_ int, w http.ResponseWriter) bool { w.WriteHeader(http.StatusUnauthorized); return true },
			nil, map[string]string{}, 1, "2 lost, 0 dropped unsent: it answers 401"},
		{"nobody is followed elsewhere",
			func(_ int, w http.ResponseWriter) bool {
				w.Header().Set("Location", "http://192.0.2.1/")
				w.WriteHeader(http.StatusTemporaryRedirect)
				return true
			}, nil, map[string]string{}, 1, "it answers 307"},
		{"something else that answers 200 is no endpoint",
			func(_ int, w http.ResponseWriter) bool { fmt.Fprint(w, "<html>"); return true },
			nil, map[string]string{}, attempts, `want the answer of a bulk API with 2 items, got "<html>"`},
		{"an item that says nothing is not taken for taken",
			func(_ int, w http.ResponseWriter) bool {
				fmt.Fprint(w, `{"items":[{},{"index":{"status":201}}]}`)
				return true
			},
			nil, map[string]string{}, 1, "1 of 2 lines were taken, 1 refused"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			x := &index{kept: map[string]source{}, offered: map[string]int{}, names: map[string]bool{}, whole: c.whole, verdict: c.verdict}
			server := httptest.NewServer(x)
			defer server.Close()
			s, err := New(server.URL+"/es", "20261123-140000-ABC", "")
			if err != nil {
				t.Fatal(err)
			}
			s.pause = time.Microsecond
			s.Add(record("a"), started)
			s.Add(record("b"), started.Add(time.Second))
			err = s.Close(t.Context())
			if c.problem == "" && err != nil || c.problem != "" && (err == nil || !strings.Contains(err.Error(), c.problem)) {
				t.Errorf("Close = %v, want %q", err, c.problem)
			}
			if diff := cmp.Diff(c.want, x.messages()); diff != "" {
				t.Errorf("the endpoint holds (-want +got):\n%s", diff)
			}
			if x.calls != c.calls {
				t.Errorf("%d requests, want %d", x.calls, c.calls)
			}
			for name := range x.names {
				if name != "fournines-20261123-140000-abc" {
					t.Errorf("index %q", name)
				}
			}
		})
	}
}

func TestDocument(t *testing.T) {
	x := &index{kept: map[string]source{}, offered: map[string]int{}, names: map[string]bool{}}
	server := httptest.NewServer(x)
	defer server.Close()
	s, err := New(server.URL+"/es", "r", "ApiKey k")
	if err != nil {
		t.Fatal(err)
	}
	s.Add(record("a"), started)
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := source{
		Timestamp: started, Run: "r", Scenario: "kill", Trial: 2, OffsetMS: 1500, Replica: "gateway-1", Component: "gateway",
		Level: "warn", RequestID: "r1", Message: "a took=5 request_id=r1",
	}
	if diff := cmp.Diff(want, x.kept["1"]); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
	if x.authorization != "ApiKey k" {
		t.Errorf("authorization %q, want the key", x.authorization)
	}
}

func TestRun(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	t.Run("a full batch does not wait, and what a stop interrupts is sent at the end, once", func(t *testing.T) {
		inside, stopped := make(chan struct{}), make(chan struct{})
		var once sync.Once
		x := &index{kept: map[string]source{}, offered: map[string]int{}, names: map[string]bool{}}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			once.Do(func() { close(inside); <-stopped })
			x.ServeHTTP(w, r)
		}))
		defer server.Close()
		s, err := New(server.URL+"/es", "r", "ApiKey k")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); s.Run(ctx) }()
		for i := range batchLines + 1 {
			s.Add(record(fmt.Sprint(i)), started)
		}
		<-inside
		cancel()
		<-ended
		close(stopped)
		if err := s.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if got := len(x.messages()); got != batchLines+1 {
			t.Errorf("the endpoint holds %d lines, want %d", got, batchLines+1)
		}
	})
	t.Run("what waits is bounded, and an endpoint that is gone is a message", func(t *testing.T) {
		server := httptest.NewServer(nil)
		server.Close()
		s, err := New(server.URL, "r", "")
		if err != nil {
			t.Fatal(err)
		}
		s.pause = time.Microsecond
		const lines = 20_000
		long := logs.Record{Replica: "edge", Component: "edge", Text: strings.Repeat("x", 2000)}
		for range lines {
			s.Add(long, started)
		}
		if s.bytes > waitingBytes || s.tally.dropped == 0 {
			t.Errorf("%d bytes wait and %d lines were dropped, want at most %d bytes", s.bytes, s.tally.dropped, waitingBytes)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err = s.Close(ctx)
		if err == nil || !strings.Contains(err.Error(), "0 of 20000 lines were taken") {
			t.Errorf("Close = %v", err)
		}
	})
}

func TestNew(t *testing.T) {
	if _, err := New("http://192.0.2.1:9200", "r", ""); err == nil || !strings.Contains(err.Error(), "not allowed") {
		t.Errorf("another machine: %v, want that it is not allowed", err)
	}
	s, err := New("http://user:secret@logs.example:9200", "r", "", "logs.example")
	if err != nil {
		t.Fatalf("a host that is allowed: %v", err)
	}
	s.Add(record("a"), started)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Close(ctx); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("Close = %v, want a message without the password", err)
	}
}
