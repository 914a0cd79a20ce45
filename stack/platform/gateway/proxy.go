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
func newProxy(route Route, upstream *resilience, log *slog.Logger) http.Handler {
	proxy := &httputil.ReverseProxy{
		Transport: fused{upstream, upstream},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", route.Service // each try sets its endpoint's address
			r.Out.Host = ""
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"] // the edge's, continued
			r.SetXForwarded()
			r.Out.Header.Del(ClientHeader)
			if client := subject(r.In); client != "" {
				r.Out.Header.Set(ClientHeader, client)
			}
		},
		ModifyResponse: func(resp *http.Response) error {
			resp.Header.Del(telemetry.RequestIDHeader) // this program has set it
			switch {
			case resp.StatusCode == http.StatusMisdirectedRequest:
				return errMisdirected // what that means is nothing to the client
			case resp.StatusCode >= http.StatusInternalServerError && route.Fallback != nil:
				return errServer
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			upstream.explain(w, r, route, err, log)
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	return http.StripPrefix(route.Prefix, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), patience(r, time.Duration(upstream.options.Timeouts.Deadline)))
		defer cancel()
		c := &call{ctx: ctx, pool: upstream.pool, options: upstream.options}
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

var (
	// errMisdirected means that every try reached another program's address.
	errMisdirected = errors.New("no endpoint is where the registry says")
	// errServer means that the service's own answer is an error, for which the
	// route has a better one.
	errServer = errors.New("the service answered with an error")
)

// explain answers a request that no endpoint answered.
func (u *resilience) explain(w http.ResponseWriter, r *http.Request, route Route, err error, log *slog.Logger) {
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
	case errors.Is(err, errOpen):
		code, reason = http.StatusServiceUnavailable, "the service has failed too often and is left alone for a moment"
		retryAfter(w, time.Duration(u.options.Breaker.OpenFor))
	case errors.Is(err, budget.ErrExceeded):
		code, reason = http.StatusServiceUnavailable, "the service does not answer and too many requests are being retried"
	case errors.Is(err, timeout.ErrExceeded), errors.Is(err, context.DeadlineExceeded):
		code, reason = http.StatusGatewayTimeout, "the service does not answer in time"
	}
	names := c.names()
	if u.fallBack(w, r, route, code) {
		log.WarnContext(r.Context(), "request answered with the fallback", "service", c.pool.service, "tried", names, "code", code, "error", err.Error())
		return
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
