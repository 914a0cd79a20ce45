package gateway

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
)

// fixed is a registry that never changes.
type fixed []registry.Instance

func (f fixed) Watch(ctx context.Context, _ string, emit func(registry.Update)) error {
	emit(registry.Update{Instances: f})
	<-ctx.Done()
	return nil
}

// TestAKilledEndpointCostsNoRequest runs over real connections: three servers,
// of which one is cut off with all its pooled connections in the midst of
// requests.
func TestAKilledEndpointCostsNoRequest(t *testing.T) {
	defer goleak.VerifyNone(t)
	var servers []*httptest.Server
	var known fixed
	for n := 1; n <= 3; n++ {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, name(n))
		}))
		defer s.Close()
		servers = append(servers, s)
		known = append(known, registry.Instance{Name: name(n), Service: "catalog", Address: s.Listener.Addr().String()})
	}
	front, stop := serveGateway(t, known)
	defer stop()
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}

	const clients, each = 8, 150
	half := make(chan struct{})
	var warm, all sync.WaitGroup
	warm.Add(clients)
	var mu sync.Mutex
	answered := make(map[string]int)
	for range clients {
		all.Go(func() {
			for i := range each {
				if i == each/2 {
					warm.Done()
					<-half
				}
				body, err := read(client, front+"/api/catalog/items/1")
				mu.Lock()
				if err != nil {
					t.Errorf("request %d: %v", i, err)
				}
				answered[body]++
				mu.Unlock()
			}
		})
	}
	warm.Wait()
	servers[1].Listener.Close()
	close(half)
	servers[1].CloseClientConnections()
	all.Wait()
	if answered[name(1)]+answered[name(2)]+answered[name(3)] != clients*each {
		t.Errorf("answers by endpoint: %v, want %d in all", answered, clients*each)
	}
}

// serveGateway runs a gateway as a program on free ports until it is stopped.
func serveGateway(t *testing.T, known fixed) (url string, stop func()) {
	t.Helper()
	sockets := process.Sockets{Traffic: freePort(t), Admin: freePort(t)}
	options := Defaults()
	options.Routes = options.Routes[:1]                                                                             // the catalog's
	options.Timeouts = Timeouts{Try: config.Duration(5 * time.Second), Deadline: config.Duration(20 * time.Second)} // not what is tested here
	// One client sends as fast as it can.
	g := New(Config{Watcher: known, Options: options, Without: []Feature{RateLimitFeature}, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- g.Serve(ctx, sockets) }()
	url = "http://" + sockets.Traffic.Addr().String()
	for g.Ready() != nil {
		if _, err := read(&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, url+"/healthz"); err != nil {
			t.Fatal(err)
		}
	}
	return url, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the gateway ended with %v, want nil", err)
		}
	}
}

func freePort(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// read returns the body of an answer with status 200.
func read(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d, want 200: %s", resp.StatusCode, body)
	}
	return string(body), err
}
