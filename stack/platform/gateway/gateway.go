// Package gateway is the reference platform's API gateway: it finds the
// endpoints of services in the registry and sends requests to those that work.
package gateway

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/transition"
)

// Service is what a gateway answers to; it is on no route.
const Service = "gateway"

// Watcher says where a service's endpoints are; registry.Registry says how.
type Watcher interface {
	Watch(ctx context.Context, service string, emit func(registry.Update)) error
}

// Config is what a gateway needs.
type Config struct {
	// Name is the replica's, which its answers say before whom they had it from;
	// empty for a gateway that does not name itself.
	Name    string
	Watcher Watcher
	// Source delivers the configuration's document. While there has been none,
	// requests are answered with 503. Nil means that Options stay.
	Source config.Source
	// Options are in effect where there is no Source.
	Options Options
	// Without are features that are off whatever a document says.
	Without []Feature
	// Drain is how long the gateway serves after it was asked to stop.
	Drain time.Duration
	Log   *slog.Logger
	// Connect makes the transport for an endpoint's requests; nil for plain
	// HTTP within the options' limits.
	Connect func(registry.Instance) http.RoundTripper
}

// Gateway sends requests on. Make one with New.
type Gateway struct {
	config      Config
	metrics     *telemetry.Metrics
	upstream    *telemetry.Upstream
	guard       *telemetry.Guard
	transitions *transition.List
	handler     http.Handler
	board       config.Board
	// What clients and routes have left, and who is inside, outlast every
	// change of the configuration.
	clients, routes *buckets
	door            door
	// table is the configuration in effect; nil before the first one.
	table atomic.Pointer[table]

	// mu serialises changes of the configuration and of what follows.
	mu    sync.Mutex
	pools map[string]*pool // by service
	// watching ends the watch of each pool; running is their context, nil
	// while Run does not run.
	watching map[string]context.CancelFunc
	running  context.Context
	all      sync.WaitGroup
	fail     context.CancelCauseFunc
}

// New makes a gateway that knows no endpoint yet; Run finds them.
func New(c Config) *Gateway {
	g := &Gateway{
		config: c, metrics: telemetry.NewMetrics(), transitions: transition.New(),
		pools: make(map[string]*pool), watching: make(map[string]context.CancelFunc),
	}
	g.clients, g.routes = newBuckets(), newBuckets()
	g.guard = telemetry.NewGuard(g.metrics, g.load)
	g.upstream = telemetry.NewUpstream(g.metrics)
	if c.Source == nil {
		if err := g.apply(c.Options); err != nil {
			panic(fmt.Sprintf("gateway.New: %v", err)) // whoever wrote the options can see that
		}
	}
	g.handler = telemetry.ServedBy(c.Name, telemetry.Handler(http.HandlerFunc(g.serve), g.metrics, c.Log, g.service))
	return g
}

// load is what the gateway works on.
func (g *Gateway) load() telemetry.Load {
	inside, waiting := g.door.count()
	return telemetry.Load{Inside: inside, Waiting: waiting, Clients: g.clients.size()}
}

// serve answers a request under the configuration that is in effect when it
// arrives.
func (g *Gateway) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" {
		_, _ = io.WriteString(w, "ok\n")
		return
	}
	t := g.table.Load()
	if t == nil {
		fail(w, r, http.StatusServiceUnavailable, errUnconfigured.Error())
		return
	}
	proxy, found := t.proxy(r.URL.Path)
	if !found {
		fail(w, r, http.StatusNotFound, fmt.Sprintf("there is no route for %q", r.URL.Path))
		return
	}
	proxy.ServeHTTP(w, r)
}

// service names the service that a request is counted under.
func (g *Gateway) service(r *http.Request) string {
	if t := g.table.Load(); t != nil {
		return t.options.service(r)
	}
	return Service
}

// ServeHTTP answers GET /healthz itself and sends everything on a route on.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.handler.ServeHTTP(w, r) }

// Serve runs the gateway as a program on the sockets until ctx is done, then
// drains and returns nil; process.Program says in which order.
func (g *Gateway) Serve(ctx context.Context, sockets process.Sockets) error {
	g.metrics.Read(sockets.Certificate.Figures)
	return process.Program{
		Sockets: sockets, Service: Service, Handler: g, Ready: g.Ready, Metrics: g.metrics.Handler(),
		Routes: map[string]http.Handler{
			"GET " + transition.Path:  g.transitions,
			"GET " + config.StatePath: &g.board,
		},
		Background: g.Run,
		Drain:      g.config.Drain, Log: g.config.Log,
	}.Run(ctx)
}
