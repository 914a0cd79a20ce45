package gateway

import (
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"github.com/fournines/fournines/stack/platform/registry"
)

// endpoint is one replica of a service as the gateway sees it.
type endpoint struct {
	registry.Instance
	transport http.RoundTripper
	// options are those that the endpoint was made with.
	options Options
	// breaker counts failures in a row while closed. While it is open the
	// endpoint is out of the rotation, and only probes are let through once it
	// is half open: no client's request pays for the attempt.
	breaker circuitbreaker.CircuitBreaker[any]
	// ejected is what the pool made of the breaker's state.
	ejected  atomic.Bool
	inFlight atomic.Int64
	// why is the last failure in words.
	why atomic.Pointer[string]
	// stop ends the endpoint's prober.
	stop func()
}

// record tells the breaker how a client's try ended. Tries that were sent
// before the endpoint was ejected no longer count.
func (e *endpoint) record(r result) {
	if !e.options.Has(EjectionFeature) || !e.breaker.IsClosed() {
		return
	}
	switch {
	case r.failed():
		e.because(fmt.Sprintf("%d failures in a row: %v", e.options.OutlierEjection.After, r))
		e.breaker.RecordFailure()
	case r == ok:
		e.breaker.RecordSuccess()
	}
}

// because remembers a failure for the words of an ejection.
func (e *endpoint) because(why string) { e.why.Store(&why) }

// reason is the last failure in words.
func (e *endpoint) reason() string {
	if why := e.why.Load(); why != nil {
		return *why
	}
	return "unknown"
}

// newBreaker makes an endpoint's breaker; opened and closed are called on
// every change to these states.
func newBreaker(o OutlierEjection, opened, closed func()) circuitbreaker.CircuitBreaker[any] {
	return circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(o.After).
		WithDelay(time.Duration(o.For)).
		WithSuccessThreshold(o.ReadmitAfter).
		OnOpen(func(circuitbreaker.StateChangedEvent) { opened() }).
		OnClose(func(circuitbreaker.StateChangedEvent) { closed() }).
		Build()
}

// newTransport makes the connections to one endpoint. They are its own, so
// that those to a dead endpoint can be dropped together.
func newTransport(o Options) *http.Transport {
	return &http.Transport{
		DialContext:         (&net.Dialer{Timeout: time.Duration(o.Timeouts.Try), KeepAlive: 15 * time.Second}).DialContext,
		MaxConnsPerHost:     o.Connections,
		MaxIdleConnsPerHost: o.Connections,
		IdleConnTimeout:     30 * time.Second, // below the 90 s that the platform's servers keep them
		DisableCompression:  true,
	}
}

// dropIdle closes connections that nobody uses.
func (e *endpoint) dropIdle() {
	if c, ok := e.transport.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// String names the endpoint for log lines.
func (e *endpoint) String() string { return fmt.Sprintf("%s (%s)", e.Name, e.Address) }
