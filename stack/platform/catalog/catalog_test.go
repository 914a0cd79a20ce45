package catalog_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack/platform/catalog"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

func TestAReplicaIsRegisteredWhileItServes(t *testing.T) {
	defer goleak.VerifyNone(t)
	memory := registry.NewMemory()
	defer memory.Close()
	changes := make(chan registry.Change, 10)
	following, unfollow := context.WithCancel(t.Context())
	defer unfollow()
	follow := memory.Changes().Subscribe()
	go follow(following, func(c registry.Change) { changes <- c })

	killed := make(chan struct{})
	sockets := process.Sockets{Traffic: port(t), Admin: port(t), Killed: killed}
	traffic, admin := sockets.Traffic.Addr().String(), sockets.Admin.Addr().String()
	var log lockedBuffer
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		ended <- catalog.Run(ctx, sockets, catalog.Config{
			Name: "catalog-1", Node: "a", Address: traffic, Registrar: memory.Client(nil),
			LeaseTTL: time.Minute, Drain: time.Hour, Work: 30 * time.Millisecond,
			Log: telemetry.NewLogger(&log, slog.LevelDebug, "catalog", "catalog-1"),
		})
	}()
	want := registry.Instance{Name: "catalog-1", Service: catalog.Service, Node: "a", Address: traffic}
	if c := <-changes; c.Kind != "registered" || c.Instance != want {
		t.Errorf("change %+v, want %+v registered", c, want)
	}
	began := time.Now()
	request(t, "http://"+traffic+"/items/7", "r-42", 200, `"id":7`)
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("a request that costs 30 ms of work was answered after %v", took)
	}
	request(t, "http://"+admin+"/metrics", "", 200, `fournines_http_requests_total{code="200",service="catalog"} 1`)
	stop()
	if c := <-changes; c.Kind != "deregistered" {
		t.Errorf("change %+v, want a deregistration", c)
	}
	request(t, "http://"+traffic+"/items/8", "", 200, `"id":8`)
	request(t, "http://"+admin+process.ReadyPath, "", 503, "draining")
	close(killed)
	if err := <-ended; err != nil {
		t.Errorf("Run = %v, want nil", err)
	}
	checkLog(t, log.String())
}

// checkLog wants JSON lines, one of them about the first request.
func checkLog(t *testing.T, text string) {
	t.Helper()
	found := false
	for line := range strings.Lines(text) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("log line %q is not JSON: %v", line, err)
		}
		if fields["component"] != "catalog" || fields["replica"] != "catalog-1" {
			t.Errorf("log line %q does not say who wrote it", line)
		}
		found = found || fields["request_id"] == "r-42"
	}
	if !found {
		t.Errorf("no log line has request_id r-42:\n%s", text)
	}
}

func request(t *testing.T, url, id string, code int, says string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if id != "" {
		req.Header.Set(telemetry.RequestIDHeader, id)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != code || !strings.Contains(string(body), says) {
		t.Errorf("GET %s: status %d, want %d with %q in:\n%s", url, resp.StatusCode, code, says, body)
	}
}

func port(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}
