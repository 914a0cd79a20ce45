package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func serve(t *testing.T, level slog.Level, req *http.Request, h http.HandlerFunc) (*httptest.ResponseRecorder, *Metrics, []map[string]any) {
	t.Helper()
	var out bytes.Buffer
	m := NewMetrics()
	rec := httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }()
		Handler(h, m, NewLogger(&out, level, "catalog", "catalog-1"), func(*http.Request) string { return "catalog" }).ServeHTTP(rec, req)
	}()
	var lines []map[string]any
	for line := range strings.Lines(out.String()) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("log line %q is not JSON: %v", line, err)
		}
		lines = append(lines, fields)
	}
	return rec, m, lines
}

func exposition(t *testing.T, m *Metrics) string {
	t.Helper()
	rec := httptest.NewRecorder()
	m.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return rec.Body.String()
}

func TestRequestID(t *testing.T) {
	for _, tt := range []struct {
		rule, given string
		kept        bool
	}{
		{"a plain ID is kept", "abc-DEF_1.2", true},
		{"a missing one is made", "", false},
		{"one that would break a log line is replaced", "a\nb", false},
		{"one with spaces is replaced", "a b", false},
		{"one of 64 characters is kept", strings.Repeat("x", 64), true},
		{"a longer one is replaced", strings.Repeat("x", 65), false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, "/", nil)
			req.Header.Set(RequestIDHeader, tt.given)
			var inContext, inHeader string
			rec, _, _ := serve(t, slog.LevelInfo, req, func(_ http.ResponseWriter, r *http.Request) {
				inContext, inHeader = RequestID(r.Context()), r.Header.Get(RequestIDHeader)
			})
			answered := rec.Header().Get(RequestIDHeader)
			if inContext == "" || inContext != inHeader || inContext != answered {
				t.Errorf("ID in context %q, request header %q, answer %q: want the same everywhere", inContext, inHeader, answered)
			}
			if kept := inContext == tt.given; kept != tt.kept {
				t.Errorf("ID %q became %q, want kept=%v", tt.given, inContext, tt.kept)
			}
		})
	}
}

func TestHandlerCountsAndLogs(t *testing.T) {
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, tt := range []struct {
		rule   string
		ctx    context.Context
		handle http.HandlerFunc
		want   string
		lines  int
	}{
		{"an implicit 200 counts as 200", context.Background(), func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) }, `code="200"`, 0},
		{"a 404 is not a warning", context.Background(), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, `code="404"`, 0},
		{"a 503 is logged", context.Background(), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, `code="503"`, 1},
		{"the first code counts", context.Background(), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(103); w.WriteHeader(201) }, `code="201"`, 0},
		{"a client that went away is 499", canceled, func(http.ResponseWriter, *http.Request) {}, `code="499"`, 0},
		{"an aborted answer is 499", context.Background(), func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, `code="499"`, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			req := httptest.NewRequestWithContext(tt.ctx, http.MethodGet, "/items/1", nil)
			req.Header.Set(RequestIDHeader, "r-1")
			_, m, lines := serve(t, slog.LevelInfo, req, tt.handle)
			if want := `fournines_http_requests_total{` + tt.want + `,service="catalog"} 1`; !strings.Contains(exposition(t, m), want) {
				t.Errorf("metrics do not hold %q:\n%s", want, exposition(t, m))
			}
			if len(lines) != tt.lines {
				t.Fatalf("%d log lines, want %d: %v", len(lines), tt.lines, lines)
			}
			for _, line := range lines {
				for field, want := range map[string]any{"level": "WARN", "component": "catalog", "replica": "catalog-1", "request_id": "r-1", "path": "/items/1"} {
					if line[field] != want {
						t.Errorf("log field %s = %v, want %v", field, line[field], want)
					}
				}
			}
		})
	}
}

func TestUpstreamForgetsOnlyTheState(t *testing.T) {
	m := NewMetrics()
	u := NewUpstream(m)
	u.Tried("catalog", "catalog-1", "ok")
	u.Ejected("catalog", "catalog-1", true)
	u.Forget("catalog", "catalog-1")
	text := exposition(t, m)
	if strings.Contains(text, "fournines_endpoint_ejected{") {
		t.Error("the state of a forgotten endpoint is still shown")
	}
	if want := `fournines_upstream_requests_total{endpoint="catalog-1",result="ok",service="catalog"} 1`; !strings.Contains(text, want) {
		t.Errorf("metrics do not hold %q", want)
	}
}
