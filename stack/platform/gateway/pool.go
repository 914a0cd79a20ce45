package gateway

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/fournines/fournines/stack/platform/registry"
	"github.com/fournines/fournines/stack/platform/telemetry"
	"github.com/fournines/fournines/stack/platform/transition"
)

// pool holds the endpoints of one service. All methods but update may be
// called concurrently.
type pool struct {
	service     string
	log         *slog.Logger
	metrics     *telemetry.Upstream
	guard       *telemetry.Guard
	transitions *transition.List
	connect     func(registry.Instance, Options) http.RoundTripper

	// answered is closed once the registry has answered.
	answered chan struct{}
	first    sync.Once
	known    atomic.Pointer[[]*endpoint] // sorted by name; the slice is never changed
	// fuse is the service's circuit breaker; nil while it is switched off.
	fuse    atomic.Pointer[fuse]
	pace    *pace
	turn    atomic.Uint64
	probers sync.WaitGroup
	// mu serialises changes of known, of options and of any endpoint's ejected.
	mu      sync.Mutex
	options Options
	// running is the context of the watch; nil before its first update.
	running context.Context
}

// endpoints are those that are known; the caller must not change the slice.
func (p *pool) endpoints() []*endpoint {
	if all := p.known.Load(); all != nil {
		return *all
	}
	return nil
}

// watch keeps the endpoints up to date, and their probers running, until ctx is
// done. While the registry is away, the last known endpoints stay.
func (p *pool) watch(ctx context.Context, from Watcher) error {
	defer p.close()
	return from.Watch(ctx, p.service, func(u registry.Update) {
		switch {
		case u.Err == nil:
			p.log.Info("registry has answered", "service", p.service, "endpoints", len(u.Instances))
			p.update(ctx, u.Instances)
		case p.cached():
			p.log.Warn("registry is away, the last known endpoints stay", "service", p.service, "error", u.Err.Error())
		default:
			p.log.Warn("registry is away, no endpoint is kept", "service", p.service, "error", u.Err.Error())
			p.update(ctx, nil)
		}
	})
}

// cached reports whether endpoints outlive the registry's silence.
func (p *pool) cached() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.options.Has(CacheFeature)
}

// update takes over what the registry said. New endpoints are probed until
// ctx is done or they are removed. It is not called concurrently.
//
// A registry that suddenly names no endpoint at all is not believed: one that
// lost its data looks the same as a service that is gone, and in the latter
// case nothing is lost by trying.
func (p *pool) update(ctx context.Context, instances []registry.Instance) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer p.first.Do(func() { close(p.answered) })
	p.running = ctx
	old := p.endpoints()
	if len(instances) == 0 && len(old) > 0 && p.options.Has(CacheFeature) {
		p.log.Warn("registry names no endpoint, the last known are kept", "service", p.service, "kept", len(old))
		return
	}
	var now []*endpoint
	for _, in := range instances {
		i := slices.IndexFunc(old, func(e *endpoint) bool { return e.Instance == in })
		if i >= 0 {
			now = append(now, old[i])
			continue
		}
		now = append(now, p.add(in))
		p.note("added", now[len(now)-1], "registered at "+in.Address)
	}
	p.known.Store(&now)
	for _, e := range old {
		if !slices.Contains(now, e) {
			p.remove(e, slices.ContainsFunc(now, func(n *endpoint) bool { return n.Name == e.Name }))
		}
	}
}

// add makes an endpoint and starts its prober; p.mu is held.
func (p *pool) add(in registry.Instance) *endpoint {
	e := &endpoint{Instance: in, options: p.options, transport: p.connect(in, p.options)}
	e.breaker = newBreaker(p.options.OutlierEjection, func() { p.eject(e) }, func() { p.readmit(e) })
	ctx, stop := context.WithCancel(p.running)
	e.stop = stop
	p.probers.Go(func() { p.probe(ctx, e) })
	p.metrics.Ejected(p.service, in.Name, false)
	return e
}

// remove forgets an endpoint; p.mu is held. replaced says that another one
// took its name.
func (p *pool) remove(e *endpoint, replaced bool) {
	e.stop()
	e.dropIdle()
	if replaced {
		p.note("removed", e, "no longer at "+e.Address)
		return
	}
	p.metrics.Forget(p.service, e.Name)
	p.note("removed", e, "no longer registered")
}

// close stops the probers and drops the connections.
func (p *pool) close() {
	p.mu.Lock()
	for _, e := range p.endpoints() {
		e.stop()
	}
	p.mu.Unlock()
	p.probers.Wait()
	for _, e := range p.endpoints() {
		e.dropIdle()
		p.metrics.Forget(p.service, e.Name)
	}
}

// eject takes an endpoint out of the rotation, because its breaker opened,
// unless too few would be left: at least a third of the endpoints, and always
// one, stay whatever they answer.
func (p *pool) eject(e *endpoint) {
	p.mu.Lock()
	defer p.mu.Unlock()
	all := p.endpoints()
	if e.ejected.Load() || !slices.Contains(all, e) {
		return
	}
	rotation := 0
	for _, other := range all {
		if !other.ejected.Load() {
			rotation++
		}
	}
	if least := (len(all) + 2) / 3; rotation <= least {
		p.log.Warn("endpoint is bad but not ejected, too few are left", "service", p.service, "endpoint", e.Name, "reason", e.reason(), "left", rotation)
		e.breaker.Close()
		return
	}
	e.ejected.Store(true)
	e.dropIdle()
	p.metrics.Ejected(p.service, e.Name, true)
	p.note("ejected", e, e.reason())
}

// readmit brings an endpoint back, because its breaker closed.
func (p *pool) readmit(e *endpoint) {
	if !e.ejected.Load() {
		return // its ejection was refused
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !slices.Contains(p.endpoints(), e) || !e.ejected.Swap(false) {
		return
	}
	p.metrics.Ejected(p.service, e.Name, false)
	p.note("readmitted", e, fmt.Sprintf("%d good probes in a row", e.options.OutlierEjection.ReadmitAfter))
}

// note tells the world of a change.
func (p *pool) note(kind string, e *endpoint, detail string) {
	p.transitions.Add(transition.Transition{Kind: kind, Service: p.service, Subject: e.Name, Detail: detail})
	level := slog.LevelInfo
	if kind == "ejected" {
		level = slog.LevelWarn
	}
	p.log.Log(context.Background(), level, "endpoint "+kind, "service", p.service, "endpoint", e.Name, "address", e.Address, "detail", detail)
}
