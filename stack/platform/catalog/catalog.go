// Package catalog is the reference platform's read service: the shop's items,
// from memory.
package catalog

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Service is the name under which replicas register.
const Service = "catalog"

// Config is what a replica needs.
type Config struct {
	// Name and Node are those of the replica, Address is where others reach
	// its traffic port.
	Name, Node, Address string
	Registrar           registry.Registrar
	LeaseTTL            time.Duration
	// Work is the processor time that each request costs at least; see
	// process.Working.
	Work time.Duration
	// Drain is how long the replica serves after it was asked to stop.
	Drain time.Duration
	Log   *slog.Logger
}

// Run serves on the sockets and is registered until ctx is done, then drains
// and returns nil; process.Program says in which order. A replica is ready as
// soon as it has its data: one that waited for the registry could not be
// served from a gateway's last known endpoints.
func Run(ctx context.Context, sockets process.Sockets, c Config) error {
	items, err := newStore()
	if err != nil {
		return err
	}
	metrics := telemetry.NewMetrics()
	return process.Program{
		Sockets: sockets, Service: Service,
		Handler:  telemetry.ServedBy(c.Name, telemetry.Handler(process.Working(newAPI(items), c.Work), metrics, c.Log, func(*http.Request) string { return Service })),
		Ready:    func() error { return nil },
		Metrics:  metrics.Handler(),
		Announce: registry.Announce(c.Registrar, registry.Instance{Name: c.Name, Service: Service, Node: c.Node, Address: c.Address}, c.LeaseTTL, c.Log),
		Drain:    c.Drain,
		Log:      c.Log,
	}.Run(ctx)
}
