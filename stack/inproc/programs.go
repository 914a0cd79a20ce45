package inproc

import (
	"context"
	"time"

	"github.com/fournines/fournines/stack/platform/catalog"
	"github.com/fournines/fournines/stack/platform/gateway"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// catalog is the same program as in a container, with the in-memory registry.
func (s *Stack) catalog(name, node string) main {
	return func(ctx context.Context, sockets process.Sockets, link func(context.Context) error) error {
		return catalog.Run(ctx, sockets, catalog.Config{
			Name: name, Node: node, Address: sockets.Traffic.Addr().String(),
			Registrar: s.registry.Client(link), LeaseTTL: s.options.LeaseTTL, Drain: s.options.Drain,
			Log: telemetry.NewLogger(s.options.Log, s.options.Level, "catalog", name),
		})
	}
}

// gateway is the same program as in a container, with the in-memory registry.
func (s *Stack) gateway(name, _ string) main {
	return func(ctx context.Context, sockets process.Sockets, link func(context.Context) error) error {
		return gateway.New(gateway.Config{
			Watcher: s.registry.Client(link), Options: gateway.Defaults(), Drain: s.options.Drain,
			Log: telemetry.NewLogger(s.options.Log, s.options.Level, "gateway", name),
		}).Serve(ctx, sockets)
	}
}

// edge stands in for the load balancer: it shares the gateways' way of sending
// requests on, and knows its endpoints by configuration.
func (s *Stack) edge(name, _ string) main {
	options := gateway.Defaults()
	options.Routes = []gateway.Route{{Service: "gateway"}}
	// A gateway may try two catalogs before it answers.
	options.TryLimit, options.Deadline = 2*options.TryLimit+100*time.Millisecond, 2*time.Second
	return func(ctx context.Context, sockets process.Sockets, _ func(context.Context) error) error {
		return gateway.New(gateway.Config{
			Watcher: s.gateways, Options: options, Drain: s.options.Drain,
			Log: telemetry.NewLogger(s.options.Log, s.options.Level, "edge", name),
		}).Serve(ctx, sockets)
	}
}

// moved notes where a gateway is.
func (s *Stack) moved(name, node string) func(address string) {
	return func(address string) {
		s.gateways.set(registry.Instance{Name: name, Service: "gateway", Node: node, Address: address})
	}
}
