package gateway

import (
	"net/http"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/budget"
	"github.com/failsafe-go/failsafe-go/failsafehttp"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"github.com/failsafe-go/failsafe-go/timeout"
)

// resilience composes the policies around the tries of one service.
type resilience struct {
	pool    *pool
	options Options
	perTry  timeout.Timeout[*http.Response]
	budget  budget.Budget
	// once is one try in the client's eyes, which hedging may make two.
	once http.RoundTripper
}

func newResilience(p *pool, o Options) *resilience {
	r := &resilience{
		pool: p, options: o,
		perTry: timeout.New[*http.Response](time.Duration(o.Timeouts.Try)),
		budget: budget.NewBuilder().
			WithMaxRate(o.Retries.Share).
			WithMinConcurrency(o.Retries.Floor).
			OnBudgetExceeded(func(budget.ExceededEvent) { p.metrics.RetryRefused(p.service) }).
			Build(),
	}
	r.once = failsafehttp.NewRoundTripper(tries{}, r.perTry)
	if o.Has(HedgingFeature) {
		r.once = hedged{r, r.once}
	}
	return r
}

// RoundTrip sends a request to one endpoint after the other until one answers
// well. Only a request that may be repeated is: a safe method, or the client
// promises with an idempotency key that the service can tell. One that reached
// another program's address was not done by anybody, and is repeated whatever
// it asks for.
func (r *resilience) RoundTrip(req *http.Request) (*http.Response, error) {
	c, safe := callOf(req), repeatable(req)
	retries := retrypolicy.NewBuilder[*http.Response]().
		HandleIf(func(resp *http.Response, err error) bool {
			how := classify(c.ctx, c.ctx, resp, err)
			return how == misdirected || safe && how != ok
		}).
		AbortIf(func(*http.Response, error) bool { return !c.another() }).
		WithMaxAttempts(r.options.tries()).
		WithBudget(r.budget).
		ReturnLastFailure().
		OnRetry(func(failsafe.ExecutionEvent[*http.Response]) { r.pool.metrics.Retried(r.pool.service) }).
		Build()
	return failsafehttp.NewRoundTripper(r.once, retries).RoundTrip(req)
}

// repeatable reports whether sending a request twice does no harm.
func repeatable(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return r.Header.Get("Idempotency-Key") != ""
}
