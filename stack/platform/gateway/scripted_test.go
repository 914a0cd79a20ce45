package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
)

// behaviour is how an endpoint answers; body is the request's.
type behaviour func(r *http.Request, body string) (*http.Response, error)

// answers is an endpoint that answers at once.
func answers(code int, body string) behaviour {
	return func(*http.Request, string) (*http.Response, error) {
		return &http.Response{
			StatusCode: code, Header: http.Header{}, ContentLength: int64(len(body)),
			Body: io.NopCloser(strings.NewReader(body)), ProtoMajor: 1, ProtoMinor: 1,
		}, nil
	}
}

// hangs is an endpoint that accepts and never answers.
func hangs(r *http.Request, _ string) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// fails is an endpoint to which no request gets through.
func fails(err error) behaviour {
	return func(*http.Request, string) (*http.Response, error) { return nil, err }
}

// after delays a behaviour.
func after(d time.Duration, b behaviour) behaviour {
	return func(r *http.Request, body string) (*http.Response, error) {
		select {
		case <-time.After(d):
			return b(r, body)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
}

// bench is a gateway with scripted endpoints and registry, on the clock of a
// synctest bubble.
type bench struct {
	*Gateway
	updates chan registry.Update

	mu     sync.Mutex
	behave map[string]behaviour // by endpoint
	ready  map[string]behaviour // by endpoint; like behave when nil
	sent   []try
}

// try is one request that reached an endpoint; probes are not noted.
type try struct {
	Endpoint, Method, URL, Body string
	Header                      http.Header
}

// inBubble runs test with a bench whose endpoints catalog-1 to -3 are
// registered and good.
func inBubble(t *testing.T, change func(*Options), test func(t *testing.T, b *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options := Defaults()
		options.Routes = options.Routes[:1]         // the catalog's
		options.Without = []Feature{HedgingFeature} // a test of it switches it on
		if change != nil {
			change(&options)
		}
		b := &bench{updates: make(chan registry.Update), behave: make(map[string]behaviour), ready: make(map[string]behaviour)}
		b.Gateway = New(Config{
			Watcher: b, Options: options, Log: slog.New(slog.DiscardHandler),
			Connect: func(in registry.Instance) http.RoundTripper { return endpointTransport{b, in.Name} },
		})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- b.Run(ctx) }()
		defer func() {
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Run returned %v, want nil", err)
			}
		}()
		for n := 1; n <= 3; n++ {
			b.set(name(n), answers(http.StatusOK, name(n)))
		}
		b.register(1, 2, 3)
		test(t, b)
	})
}

func name(n int) string { return fmt.Sprintf("catalog-%d", n) }

func instance(n int) registry.Instance {
	return registry.Instance{Name: name(n), Service: "catalog", Node: "a", Address: fmt.Sprintf("10.0.0.%d:8080", n)}
}

// Watch implements Watcher with what the test says.
func (b *bench) Watch(ctx context.Context, _ string, emit func(registry.Update)) error {
	for {
		select {
		case u := <-b.updates:
			emit(u)
		case <-ctx.Done():
			return nil
		}
	}
}

// register makes the registry name exactly the given endpoints.
func (b *bench) register(numbers ...int) {
	all := []registry.Instance{}
	for _, n := range numbers {
		all = append(all, instance(n))
	}
	b.updates <- registry.Update{Instances: all}
	synctest.Wait()
}

// set scripts an endpoint.
func (b *bench) set(endpoint string, how behaviour) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.behave[endpoint] = how
}

// setReady scripts an endpoint's answers to probes.
func (b *bench) setReady(endpoint string, how behaviour) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ready[endpoint] = how
}

type endpointTransport struct {
	b    *bench
	name string
}

func (e endpointTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	e.b.mu.Lock()
	how := e.b.behave[e.name]
	if r.URL.Path == process.ReadyPath {
		if ready := e.b.ready[e.name]; ready != nil {
			how = ready
		}
	} else {
		e.b.sent = append(e.b.sent, try{e.name, r.Method, r.URL.String(), string(body), r.Header.Clone()})
	}
	e.b.mu.Unlock()
	return how(r, string(body))
}

// tries returns what reached endpoints since the last call.
func (b *bench) tries() []try {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer func() { b.sent = nil }()
	return b.sent
}

// reached counts tries by endpoint since the last call.
func (b *bench) reached() map[string]int {
	counts := make(map[string]int)
	for _, s := range b.tries() {
		counts[s.Endpoint]++
	}
	return counts
}

// reply is what a client got, and how long it took.
type reply struct {
	Code int
	Body string
	Took time.Duration
}

// get asks for an item.
func (b *bench) get() reply {
	return b.do(httptest.NewRequest(http.MethodGet, "/api/catalog/items/1", nil))
}

// do sends one request.
func (b *bench) do(r *http.Request) reply {
	start := time.Now()
	rec := httptest.NewRecorder()
	b.ServeHTTP(rec, r)
	return reply{rec.Code, rec.Body.String(), time.Since(start)}
}

// kinds lists the transitions so far as "kind endpoint".
func (b *bench) kinds() []string {
	var all []string
	for _, tr := range b.transitions.After(0) {
		all = append(all, tr.Kind+" "+tr.Subject)
	}
	return all
}

// metric returns the lines of /metrics that begin with a prefix.
func (b *bench) metric(prefix string) []string {
	rec := httptest.NewRecorder()
	b.metrics.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	var found []string
	for line := range strings.Lines(rec.Body.String()) {
		if strings.HasPrefix(line, prefix) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

// pass lets time go by on the bubble's clock.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

var errBroken = errors.New("broken")

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
