package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"strconv"
	"time"

	"github.com/failsafe-go/failsafe-go/budget"
	"github.com/failsafe-go/failsafe-go/timeout"

	"github.com/fournines/fournines/stack/platform/telemetry"
)

// largestBody is the largest request body in bytes. A body is kept until the
// request is done, so that it can be sent again.
const largestBody = 1 << 20

// newProxy serves one route.
func newProxy(route Route, p *pool, log *slog.Logger) http.Handler {
	proxy := &httputil.ReverseProxy{
		Transport: newResilience(p),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", route.Service // each try sets its endpoint's address
			r.Out.Host = ""
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"] // the edge's, continued
			r.SetXForwarded()
		},
		ModifyResponse: func(resp *http.Response) error {
			resp.Header.Del(telemetry.RequestIDHeader) // this program has set it
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) { explain(w, r, err, log) },
		ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return http.StripPrefix(route.Prefix, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience(r, p.options.Deadline))
		defer cancel()
		c := &call{ctx: ctx, pool: p}
		r = r.WithContext(context.WithValue(ctx, callKey{}, c))
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, largestBody)
		}
		proxy.ServeHTTP(w, r)
	}))
}

// patience is how long a request may take in all: the client's wish if it is
// for less than the limit.
func patience(r *http.Request, limit time.Duration) time.Duration {
	ms, err := strconv.ParseInt(r.Header.Get(TimeoutHeader), 10, 32)
	if err != nil || ms <= 0 {
		return limit
	}
	return min(limit, time.Duration(ms)*time.Millisecond)
}

// explain answers a request that no endpoint answered.
func explain(w http.ResponseWriter, r *http.Request, err error, log *slog.Logger) {
	if errors.Is(r.Context().Err(), context.Canceled) {
		return // the client is gone
	}
	c := callOf(r)
	var tooLarge *http.MaxBytesError
	code, reason := http.StatusBadGateway, "the service does not answer"
	switch {
	case errors.As(err, &tooLarge):
		code, reason = http.StatusRequestEntityTooLarge, "the request's body is larger than "+strconv.Itoa(largestBody)+" bytes"
	case errors.Is(err, errNoEndpoint):
		code, reason = http.StatusServiceUnavailable, "the service has no endpoint"
	case errors.Is(err, budget.ErrExceeded):
		code, reason = http.StatusServiceUnavailable, "the service does not answer and too many requests are being retried"
	case errors.Is(err, timeout.ErrExceeded), errors.Is(err, context.DeadlineExceeded):
		code, reason = http.StatusGatewayTimeout, "the service does not answer in time"
	}
	var names []string
	for _, e := range c.tried {
		names = append(names, e.Name)
	}
	log.WarnContext(r.Context(), "request not answered", "service", c.pool.service, "tried", names, "code", code, "error", err.Error())
	fail(w, r, code, reason)
}

// fail answers with a reason as JSON.
func fail(w http.ResponseWriter, r *http.Request, code int, reason string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": reason, "requestId": telemetry.RequestID(r.Context())})
}
