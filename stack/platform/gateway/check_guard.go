package gateway

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
)

// guard notes what is wrong with what refuses requests.
func (p *problems) guard(o Options) {
	p.auth(o)
	p.rate("rateLimit.client", o.RateLimit.Client)
	p.unless(1 <= o.RateLimit.Gateways && o.RateLimit.Gateways <= 100, "rateLimit.gateways", "1 to 100", o.RateLimit.Gateways)
	p.unless(1 <= o.RateLimit.Clients && o.RateLimit.Clients <= 1_000_000, "rateLimit.clients", "1 to 1000000", o.RateLimit.Clients)
	p.unless(1 <= o.Admission.Concurrency && o.Admission.Concurrency <= 100_000, "admission.concurrency", "1 to 100000", o.Admission.Concurrency)
	p.unless(0 <= o.Admission.Queue && o.Admission.Queue <= 100_000, "admission.queue", "0 to 100000", o.Admission.Queue)
	p.unless(0 <= o.Admission.Wait && o.Admission.Wait <= config.Duration(10*time.Second), "admission.wait", "0s to 10s", o.Admission.Wait)
	p.time("breaker.window", o.Breaker.Window)
	p.time("breaker.openFor", o.Breaker.OpenFor)
	p.unless(1 <= o.Breaker.Volume && o.Breaker.Volume <= 1_000_000, "breaker.volume", "1 to 1000000", o.Breaker.Volume)
	p.unless(0 < o.Breaker.FailureShare && o.Breaker.FailureShare <= 1, "breaker.failureShare", "a share above 0 and up to 1", o.Breaker.FailureShare)
	p.unless(1 <= o.Breaker.Probes && o.Breaker.Probes <= 1000, "breaker.probes", "1 to 1000", o.Breaker.Probes)
	p.unless(0 < o.Hedging.Quantile && o.Hedging.Quantile < 1, "hedging.quantile", "a share above 0 and below 1", o.Hedging.Quantile)
	p.unless(0 < o.Hedging.Share && o.Hedging.Share < 1, "hedging.share", "a share above 0 and below 1", o.Hedging.Share)
	p.time("hedging.least", o.Hedging.Least)
}

// rate wants a bucket that lets something through.
func (p *problems) rate(place string, r Rate) {
	p.unless(0 < r.PerSecond && r.PerSecond <= 1_000_000, place+".perSecond", "more than 0 and up to 1000000", r.PerSecond)
	p.unless(1 <= r.Burst && r.Burst <= 1_000_000, place+".burst", "1 to 1000000", r.Burst)
}

// auth wants keys as soon as any route asks for tokens.
func (p *problems) auth(o Options) {
	p.unless(o.Auth.Issuer != "", "auth.issuer", "a name", "none")
	p.unless(o.Auth.Audience != "", "auth.audience", "a name", "none")
	p.unless(0 <= o.Auth.Leeway && o.Auth.Leeway <= longest, "auth.leeway", "0s to "+longest.String(), o.Auth.Leeway)
	seen := map[string]bool{}
	for i, k := range o.Auth.Keys {
		place := fmt.Sprintf("auth.keys[%d]", i)
		if err := k.Check(); err != nil {
			*p = append(*p, fmt.Errorf("%s.%w", place, err))
		}
		p.unless(!seen[k.ID], place+".kid", "each name once", k.ID)
		seen[k.ID] = true
	}
	for i, r := range o.Routes {
		place := fmt.Sprintf("routes[%d]", i)
		switch r.Auth {
		case "", Open:
		case Optional, Required:
			p.unless(len(o.Auth.Keys) > 0 || !o.Has(AuthFeature), place+".auth", "at least one of auth.keys to check tokens with", "none")
		default:
			p.unless(false, place+".auth", Open+", "+Optional+" or "+Required, fmt.Sprintf("%q", r.Auth))
		}
		if r.RateLimit != nil {
			p.rate(place+".rateLimit", *r.RateLimit)
		}
		if r.Fallback != nil {
			p.unless(200 <= r.Fallback.Status && r.Fallback.Status < 300, place+".fallback.status", "200 to 299", r.Fallback.Status)
			p.unless(json.Valid([]byte(r.Fallback.Body)), place+".fallback.body", "JSON", fmt.Sprintf("%.40q", r.Fallback.Body))
		}
	}
}
