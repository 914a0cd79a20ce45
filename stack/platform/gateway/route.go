package gateway

import (
	"net/http"
	"strings"
)

// Route sends requests below a path to a service.
type Route struct {
	// Prefix is the path, without a slash at its end; it is cut off before the
	// request is sent on. Empty for everything, with nothing cut off.
	Prefix string `json:"prefix"`
	// Service is the name that the endpoints are registered under.
	Service string `json:"service"`
	// Auth is what the route asks of clients: Open, which is also empty,
	// Optional or Required.
	Auth string `json:"auth,omitempty"`
	// RateLimit is for all clients of the route together; nil is without limit.
	RateLimit *Rate `json:"rateLimit,omitempty"`
	// Fallback is what reads are answered when the service does not answer; nil
	// for the error.
	Fallback *Fallback `json:"fallback,omitempty"`
}

// matches reports whether the path is the route's prefix or lies below it.
func (r Route) matches(path string) bool {
	rest, ok := strings.CutPrefix(path, r.Prefix)
	return ok && (r.Prefix == "" || rest == "" || strings.HasPrefix(rest, "/"))
}

// route finds the route with the longest prefix for a path.
func (o Options) route(path string) (Route, bool) {
	var best Route
	found := false
	for _, r := range o.Routes {
		if r.matches(path) && (!found || len(r.Prefix) > len(best.Prefix)) {
			best, found = r, true
		}
	}
	return best, found
}

// service names the service that a request is counted under.
func (o Options) service(r *http.Request) string {
	if route, ok := o.route(r.URL.Path); ok {
		return route.Service
	}
	return Service
}
