package gateway

import (
	"context"
	"errors"
	"fmt"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// errUnconfigured means that there has been no configuration yet.
var errUnconfigured = errors.New("there is no configuration yet")

// Run keeps the endpoints and the configuration up to date until ctx is done.
// While the registry is away, the last known endpoints stay; while the config
// centre is, the last good configuration does.
func (g *Gateway) Run(ctx context.Context) error {
	running, end := context.WithCancelCause(ctx)
	defer end(nil)
	g.mu.Lock()
	g.running, g.fail = running, end
	for service := range g.pools {
		g.watch(service)
	}
	g.mu.Unlock()
	if g.config.Source != nil {
		report := telemetry.NewConfiguration(g.metrics)
		g.all.Go(func() {
			err := config.Follow(running, g.config.Source, g.use, g.config.Log, func(s config.State) {
				g.board.Set(s)
				report.Set(config.Number(s.Version), s.Applied, s.Refused != "", s.Away != "")
			})
			if err != nil {
				end(err)
			}
		})
	}
	<-running.Done()
	g.mu.Lock()
	g.running = nil
	g.mu.Unlock()
	g.all.Wait()
	if cause := context.Cause(running); ctx.Err() == nil && cause != nil {
		return cause
	}
	return nil
}

// watch keeps a service's pool up to date; g.mu is held, and Run runs.
func (g *Gateway) watch(service string) {
	p := g.pools[service]
	ctx, leave := context.WithCancel(g.running)
	g.watching[service] = leave
	fail := g.fail
	g.all.Go(func() {
		if err := p.watch(ctx, g.config.Watcher); err != nil {
			fail(fmt.Errorf("watch service %q: %w", service, err))
		}
	})
}

// Ready returns nil once there is a configuration and the registry has answered
// for every service on a route, as long as any service has an endpoint: the loss
// of one service must not take the others' traffic, nor keep a gateway from
// starting.
func (g *Gateway) Ready() error {
	t := g.table.Load()
	if t == nil {
		return errUnconfigured
	}
	missing, there := "", false
	for service, p := range t.pools {
		select {
		case <-p.answered:
		default:
			return errors.New("the registry has not been seen yet")
		}
		if len(p.endpoints()) == 0 {
			missing = service
			continue
		}
		there = true
	}
	if missing != "" && !there {
		return fmt.Errorf("service %q has no endpoint", missing)
	}
	return nil
}
