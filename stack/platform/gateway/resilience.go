package gateway

import (
	"net/http"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/budget"
	"github.com/failsafe-go/failsafe-go/failsafehttp"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
	"github.com/failsafe-go/failsafe-go/timeout"
)

// resilience composes the policies around the tries of one service.
type resilience struct {
	pool    *pool
	perTry  timeout.Timeout[*http.Response]
	budget  budget.Budget
	oneOnly http.RoundTripper
}

func newResilience(p *pool) *resilience {
	r := &resilience{
		pool:   p,
		perTry: timeout.New[*http.Response](p.options.TryLimit),
		budget: budget.NewBuilder().
			WithMaxRate(p.options.RetryShare).
			WithMinConcurrency(p.options.RetryFloor).
			OnBudgetExceeded(func(budget.ExceededEvent) { p.metrics.RetryRefused(p.service) }).
			Build(),
	}
	r.oneOnly = failsafehttp.NewRoundTripper(tries{}, r.perTry)
	return r
}

// RoundTrip sends a request to one endpoint after the other until one answers
// well. Only a request that may be repeated is: a safe method, or the client
// promises with an idempotency key that the service can tell.
func (r *resilience) RoundTrip(req *http.Request) (*http.Response, error) {
	if !repeatable(req) {
		return r.oneOnly.RoundTrip(req)
	}
	c := callOf(req)
	retries := retrypolicy.NewBuilder[*http.Response]().
		HandleIf(func(resp *http.Response, err error) bool { return classify(c.ctx, c.ctx, resp, err) != ok }).
		AbortIf(func(*http.Response, error) bool { return !c.another() }).
		WithMaxAttempts(r.pool.options.Tries).
		WithBudget(r.budget).
		ReturnLastFailure().
		OnRetry(func(failsafe.ExecutionEvent[*http.Response]) { r.pool.metrics.Retried(r.pool.service) }).
		Build()
	return failsafehttp.NewRoundTripper(tries{}, retries, r.perTry).RoundTrip(req)
}

// repeatable reports whether sending a request twice does no harm.
func repeatable(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	return r.Header.Get("Idempotency-Key") != ""
}
