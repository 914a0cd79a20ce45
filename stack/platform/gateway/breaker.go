package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/transition"
)

// Breaker says when a service as a whole is left alone. It is apart from
// OutlierEjection, which is about one endpoint among others: the breaker sees
// what becomes of requests after all their tries.
type Breaker struct {
	// Once Volume requests ended within Window and FailureShare of them failed,
	// in (0,1], the breaker opens.
	Window       config.Duration `json:"window"`
	Volume       uint            `json:"volume"`
	FailureShare float64         `json:"failureShare"`
	// After OpenFor it is half-open: Probes requests are let through. When all
	// of them are answered it closes, and opens again at the first that is not.
	OpenFor config.Duration `json:"openFor"`
	Probes  uint            `json:"probes"`
}

// errOpen means that the service is left alone for now.
var errOpen = errors.New("the service's circuit breaker is open")

// fuse is a service's breaker at work; nil never opens.
type fuse struct {
	circuitbreaker.CircuitBreaker[any]
	limits Breaker
}

// newFuse makes the pool's breaker under other limits; nil when it is off.
func (p *pool) newFuse(o Options) *fuse {
	if !o.Has(BreakerFeature) {
		return nil
	}
	b := o.Breaker
	return &fuse{circuitbreaker.NewBuilder[any]().
		WithFailureRateThreshold(b.FailureShare, b.Volume, time.Duration(b.Window)).
		WithDelay(time.Duration(b.OpenFor)).
		WithSuccessThreshold(b.Probes).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) { p.breakerChanged(e, b) }).
		Build(), b}
}

// breakerChanged tells the world of a change of the breaker's state.
func (p *pool) breakerChanged(e circuitbreaker.StateChangedEvent, b Breaker) {
	kind, state, level := "breaker-closed", 0, slog.LevelInfo
	detail := fmt.Sprintf("%d requests in a row were answered", b.Probes)
	switch e.NewState {
	case circuitbreaker.HalfOpenState:
		kind, state = "breaker-half-open", 1
		detail = fmt.Sprintf("open for %v, %d requests may try", b.OpenFor, b.Probes)
	case circuitbreaker.OpenState:
		kind, state, level = "breaker-opened", 2, slog.LevelWarn
		detail = "a request that tried was not answered"
		if e.OldState == circuitbreaker.ClosedState {
			m := e.Metrics()
			detail = fmt.Sprintf("%d of %d requests failed within %v", m.Failures(), m.Executions(), b.Window)
		}
	}
	p.guard.Breaker(p.service, state)
	p.transitions.Add(transition.Transition{Kind: kind, Service: p.service, Detail: detail})
	p.log.Log(context.Background(), level, "circuit "+kind, "service", p.service, "detail", detail)
}

// fused lets requests through the service's breaker.
type fused struct {
	*resilience
	next http.RoundTripper
}

// RoundTrip refuses at once while the breaker is open.
func (f fused) RoundTrip(req *http.Request) (*http.Response, error) {
	fuse := f.pool.fuse.Load()
	if fuse == nil {
		return f.next.RoundTrip(req)
	}
	if !fuse.TryAcquirePermit() {
		f.pool.guard.BrokenOff(f.pool.service)
		return nil, errOpen
	}
	c := callOf(req)
	resp, err := f.next.RoundTrip(req)
	switch how := classify(c.ctx, c.ctx, resp, err); {
	case how == ok:
		fuse.RecordSuccess()
	case how != canceled, errors.Is(c.ctx.Err(), context.DeadlineExceeded):
		fuse.RecordFailure()
	case !fuse.IsClosed():
		fuse.RecordFailure() // the client is gone, and nothing was proved
	}
	return resp, err
}

// renewFuse makes the pool's breaker anew when its limits changed; p.mu is held.
func (p *pool) renewFuse(o Options) {
	old := p.fuse.Load()
	if old != nil && o.Has(BreakerFeature) && old.limits == o.Breaker {
		return
	}
	p.fuse.Store(p.newFuse(o))
	p.guard.Breaker(p.service, 0)
}
