package gateway

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/fournines/fournines/stack/platform/process"
)

// probe asks for an endpoint's readiness until ctx is done.
//
// While the endpoint is in rotation, ProbeFailures bad answers in a row open
// its breaker; good ones do not make up for what clients see. While it is
// ejected, the probes are the only requests that the breaker lets through.
func (p *pool) probe(ctx context.Context, e *endpoint) {
	tick := time.NewTicker(time.Duration(e.options.OutlierEjection.ProbeEvery))
	defer tick.Stop()
	bad, most := 0, e.options.OutlierEjection.ProbeFailures
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		trial := !e.breaker.IsClosed()
		if trial && !e.breaker.TryAcquirePermit() {
			continue // still too early
		}
		err := p.check(ctx, e)
		switch {
		case ctx.Err() != nil:
			return
		case trial && err == nil:
			e.breaker.RecordSuccess()
		case trial:
			e.breaker.RecordFailure()
		case err == nil:
			bad = 0
		default:
			if bad++; bad >= most && e.options.Has(EjectionFeature) && e.options.Has(HealthChecksFeature) {
				bad = 0
				e.because(fmt.Sprintf("%d bad probes in a row: %v", most, err))
				e.breaker.Open()
			}
		}
	}
}

// check asks once.
func (p *pool) check(ctx context.Context, e *endpoint) error {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(e.options.OutlierEjection.ProbeLimit))
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+e.Address+process.ReadyPath, nil)
	if err != nil {
		return err
	}
	req.Header.Set(process.ServiceHeader, e.Service)
	resp, err := e.transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("%s", classify(context.Background(), ctx, nil, err))
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, largestHeld)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: status %d", resp.StatusCode)
	}
	return nil
}
