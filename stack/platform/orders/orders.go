package orders

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/fournines/fournines/fixtures/seed"
	"github.com/fournines/fournines/stack/platform/process"
	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// Config is what a replica needs.
type Config struct {
	// Name and Node are those of the replica, Address is where others reach
	// its traffic port.
	Name, Node, Address string
	Registrar           registry.Registrar
	LeaseTTL            time.Duration
	Store               Store
	// Prepare makes the store usable; it is called again after it failed. It
	// may be nil.
	Prepare func(ctx context.Context) error
	// Figures are more metrics; it may be nil.
	Figures func() []telemetry.Figure
	// Without names features that are switched off: Durability, or nothing.
	Without []string
	// Work is the processor time that each request costs at least; see
	// process.Working.
	Work time.Duration
	// Drain is how long the replica serves after it was asked to stop.
	Drain time.Duration
	Log   *slog.Logger
}

// Run serves on the sockets and is registered until ctx is done, then drains
// and returns nil; process.Program says in which order.
//
// A replica is live as long as it runs, and ready while its store takes writes
// (see watch): one that alone cannot reach the database is taken out of the
// rotation, and the others serve. When the database is away for all of them,
// clients get 503 with Retry-After.
func Run(ctx context.Context, sockets process.Sockets, c Config) error {
	items, err := seed.Items()
	if err != nil {
		return err
	}
	metrics := telemetry.NewMetrics()
	a := &api{store: c.Store, items: len(items), log: c.Log}
	metrics.Read(a.figures)
	if c.Figures != nil {
		metrics.Read(c.Figures)
	}
	watch := newWatch(c)
	background := watch.run
	if slices.Contains(c.Without, Durability) {
		late := &behind{Store: c.Store, log: c.Log}
		a.store = late
		background = func(ctx context.Context) error {
			var both sync.WaitGroup
			both.Go(func() { late.run(ctx, sockets.Killed) })
			defer both.Wait()
			return watch.run(ctx)
		}
	}
	return process.Program{
		Sockets: sockets, Service: Service,
		Handler:    telemetry.ServedBy(c.Name, telemetry.Handler(process.Working(a.handler(), c.Work), metrics, c.Log, func(*http.Request) string { return Service })),
		Ready:      watch.ready,
		Metrics:    metrics.Handler(),
		Background: background,
		Announce:   registry.Announce(c.Registrar, registry.Instance{Name: c.Name, Service: Service, Node: c.Node, Address: c.Address}, c.LeaseTTL, c.Log),
		Drain:      c.Drain,
		Log:        c.Log,
	}.Run(ctx)
}
