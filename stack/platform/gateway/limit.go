package gateway

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// RateLimit bounds what single clients may send.
type RateLimit struct {
	// Client is for each client: the subject of its token, or else its address.
	Client Rate `json:"client"`
	// Gateways is how many gateways share every limit, from 1.
	Gateways int `json:"gateways"`
	// Clients is how many clients are told apart, from 1; the least recently
	// seen are forgotten, and begin anew.
	Clients int `json:"clients"`
}

// limiter holds clients to their rate, and a route to its own.
type limiter struct {
	gateway *Gateway
	limit   RateLimit
	route   Route
	next    http.Handler
}

// ServeHTTP refuses with 429 what is too much. A client that is over its limit
// takes nothing from what the route has for the others.
func (l limiter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	client := "address " + address(r)
	if s := subject(r); s != "" {
		client = "subject " + s
	}
	scope := "client"
	wait := l.gateway.clients.take(client, l.limit.Client.among(l.limit.Gateways), l.limit.Clients)
	if wait == 0 && l.route.RateLimit != nil {
		scope = "route"
		wait = l.gateway.routes.take(l.route.Prefix, l.route.RateLimit.among(l.limit.Gateways), mostRoutes)
	}
	if wait > 0 {
		l.gateway.guard.Limited(l.route.Service, scope)
		l.gateway.config.Log.DebugContext(r.Context(), "request over the limit", "service", l.route.Service, "scope", scope, "client", client)
		retryAfter(w, wait)
		fail(w, r, http.StatusTooManyRequests, "too many requests: the limit of this "+scope+" is reached")
		return
	}
	l.next.ServeHTTP(w, r)
}

// retryAfter says in whole seconds when to come again.
func retryAfter(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", strconv.Itoa(int(max(1, math.Ceil(wait.Seconds())))))
}
