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

// Registrar announces a replica; registry.Registry says how.
type Registrar interface {
	Register(ctx context.Context, in registry.Instance, ttl time.Duration, report func(error)) error
}

// Config is what a replica needs.
type Config struct {
	// Name and Node are those of the replica, Address is where others reach
	// its traffic port.
	Name, Node, Address string
	Registrar           Registrar
	LeaseTTL            time.Duration
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
		Handler: telemetry.ServedBy(c.Name, telemetry.Handler(newAPI(items), metrics, c.Log, func(*http.Request) string { return Service })),
		Ready:   func() error { return nil },
		Metrics: metrics.Handler(),
		Announce: func(ctx context.Context) error {
			in := registry.Instance{Name: c.Name, Service: Service, Node: c.Node, Address: c.Address}
			if err := c.Registrar.Register(ctx, in, c.LeaseTTL, c.logRegistration); err != nil {
				if ctx.Err() == nil {
					return err
				}
				c.Log.Warn("the registration will end with its lease", "error", err.Error())
			}
			return nil
		},
		Drain: c.Drain,
		Log:   c.Log,
	}.Run(ctx)
}

// logRegistration notes that the registration began to hold or was lost.
func (c Config) logRegistration(err error) {
	if err != nil {
		c.Log.Warn("not registered", "error", err.Error())
		return
	}
	c.Log.Info("registered", "address", c.Address, "ttl", c.LeaseTTL.String())
}
