package inproc

import (
	"context"
	"time"

	"github.com/fournines/fournines/stack/platform/catalog"
	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/gateway"
	"github.com/fournines/fournines/stack/platform/orders"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/reference"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// catalog is the same program as in a container, with the in-memory registry.
func (s *Stack) catalog(name, node string) main {
	return func(ctx context.Context, sockets process.Sockets, link func(context.Context) error) error {
		return catalog.Run(ctx, sockets, catalog.Config{
			Name: name, Node: node, Address: sockets.Traffic.Addr().String(),
			Registrar: s.registry.Client(link), LeaseTTL: s.options.LeaseTTL, Drain: s.options.Drain,
			Log: telemetry.NewLogger(s.log("catalog", name), s.options.Level, "catalog", name),
		})
	}
}

// ordersService is the same program as in a container; its replicas share one
// store in memory, which outlives each of them as a database does.
func (s *Stack) ordersService(name, node string) main {
	return func(ctx context.Context, sockets process.Sockets, link func(context.Context) error) error {
		return orders.Run(ctx, sockets, orders.Config{
			Name: name, Node: node, Address: sockets.Traffic.Addr().String(),
			Registrar: s.registry.Client(link), LeaseTTL: s.options.LeaseTTL, Store: s.orders, Drain: s.options.Drain,
			Without: reference.Without(orders.Service, s.options.Without),
			Log:     telemetry.NewLogger(s.log(orders.Service, name), s.options.Level, orders.Service, name),
		})
	}
}

// gateway is the same program as in a container, with the in-memory registry.
func (s *Stack) gateway(name, _ string) main {
	var without []gateway.Feature
	for _, f := range reference.Without("gateway", s.options.Without) {
		without = append(without, gateway.Feature(f))
	}
	return func(ctx context.Context, sockets process.Sockets, link func(context.Context) error) error {
		return gateway.New(gateway.Config{
			Name: name, Watcher: s.registry.Client(link), Source: s.documents.Source("gateway", link), Without: without, Drain: s.options.Drain,
			Log: telemetry.NewLogger(s.log("gateway", name), s.options.Level, "gateway", name),
		}).Serve(ctx, sockets)
	}
}

// edge stands in for the load balancer: it shares the gateways' way of sending
// requests on, and knows its endpoints by configuration.
func (s *Stack) edge(name, _ string) main {
	options := gateway.Defaults()
	options.Routes = []gateway.Route{{Service: "gateway"}}
	// It takes everybody's requests and knows nobody's name: whose limit is
	// whose the gateways decide, and they open and close their own breakers.
	options.Without = []gateway.Feature{gateway.AuthFeature, gateway.RateLimitFeature, gateway.AdmissionFeature, gateway.BreakerFeature, gateway.HedgingFeature}
	// A gateway may try two catalogs before it answers.
	options.Timeouts = gateway.Timeouts{
		Try: 2*options.Timeouts.Try + config.Duration(100*time.Millisecond), Deadline: config.Duration(2 * time.Second),
	}
	return func(ctx context.Context, sockets process.Sockets, _ func(context.Context) error) error {
		return gateway.New(gateway.Config{
			Watcher: s.gateways, Options: options, Drain: s.options.Drain,
			Log: telemetry.NewLogger(s.log("edge", name), s.options.Level, "edge", name),
		}).Serve(ctx, sockets)
	}
}

// moved notes where a gateway is.
func (s *Stack) moved(name, node string) func(address string) {
	return func(address string) {
		s.gateways.set(registry.Instance{Name: name, Service: "gateway", Node: node, Address: address})
	}
}
