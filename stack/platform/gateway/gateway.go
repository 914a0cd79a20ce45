// Package gateway is the reference platform's API gateway: it finds the
// endpoints of services in the registry and sends requests to those that work.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Watcher says where a service's endpoints are; registry.Registry says how.
type Watcher interface {
	Watch(ctx context.Context, service string, emit func(registry.Update)) error
}

// Config is what a gateway needs.
type Config struct {
	Watcher Watcher
	Options Options
	// Drain is how long the gateway serves after it was asked to stop.
	Drain time.Duration
	Log   *slog.Logger
	// Connect makes the transport for an endpoint's requests; nil for plain
	// HTTP within Options' limits.
	Connect func(registry.Instance) http.RoundTripper
}

// Gateway sends requests on. Make one with New.
type Gateway struct {
	config      Config
	metrics     *telemetry.Metrics
	transitions *transitions
	pools       map[string]*pool // by service
	handler     http.Handler
}

// New makes a gateway that knows no endpoint yet; Run finds them.
func New(c Config) *Gateway {
	if c.Connect == nil {
		c.Connect = func(registry.Instance) http.RoundTripper { return newTransport(c.Options) }
	}
	g := &Gateway{config: c, metrics: telemetry.NewMetrics(), transitions: newTransitions(), pools: make(map[string]*pool)}
	upstream := telemetry.NewUpstream(g.metrics)
	proxies := make(map[string]http.Handler) // by prefix
	for _, route := range c.Options.Routes {
		p := g.pools[route.Service]
		if p == nil {
			p = &pool{
				service: route.Service, options: c.Options, log: c.Log,
				metrics: upstream, transitions: g.transitions, connect: c.Connect,
			}
			g.pools[route.Service] = p
		}
		proxies[route.Prefix] = newProxy(route, p, c.Log)
	}
	g.handler = telemetry.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route, found := c.Options.route(r.URL.Path)
		switch {
		case found:
			proxies[route.Prefix].ServeHTTP(w, r)
		case r.URL.Path == "/healthz":
			_, _ = io.WriteString(w, "ok\n")
		default:
			fail(w, r, http.StatusNotFound, fmt.Sprintf("there is no route for %q", r.URL.Path))
		}
	}), g.metrics, c.Log, c.Options.service)
	return g
}

// ServeHTTP answers GET /healthz itself and sends everything on a route on.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.handler.ServeHTTP(w, r) }

// Run keeps the endpoints up to date until ctx is done. While the registry is
// away, the last known endpoints stay.
func (g *Gateway) Run(ctx context.Context) error {
	var all sync.WaitGroup
	ended := make(chan error, len(g.pools))
	for service, p := range g.pools {
		all.Go(func() {
			defer p.close()
			err := g.config.Watcher.Watch(ctx, service, func(u registry.Update) {
				if u.Err != nil {
					g.config.Log.Warn("registry is away, the last known endpoints stay", "service", service, "error", u.Err.Error())
					return
				}
				g.config.Log.Info("registry has answered", "service", service, "endpoints", len(u.Instances))
				p.update(ctx, u.Instances)
			})
			if err != nil {
				ended <- fmt.Errorf("watch service %q: %w", service, err)
			}
		})
	}
	all.Wait()
	close(ended)
	var problems []error
	for err := range ended {
		problems = append(problems, err)
	}
	return errors.Join(problems...)
}

// Ready returns nil once the registry has answered and every service on a
// route has an endpoint.
func (g *Gateway) Ready() error {
	for service, p := range g.pools {
		if !p.seen.Load() {
			return fmt.Errorf("the registry has not been seen yet")
		}
		if len(p.endpoints()) == 0 {
			return fmt.Errorf("service %q has no endpoint", service)
		}
	}
	return nil
}

// Serve runs the gateway as a program on the sockets until ctx is done, then
// drains and returns nil; process.Program says in which order.
func (g *Gateway) Serve(ctx context.Context, sockets process.Sockets) error {
	return process.Program{
		Sockets: sockets, Handler: g, Ready: g.Ready, Metrics: g.metrics.Handler(),
		Routes:     map[string]http.Handler{"GET " + TransitionsPath: g.transitions},
		Background: g.Run,
		Drain:      g.config.Drain, Log: g.config.Log,
	}.Run(ctx)
}
