package gateway

import (
	"net/http"
	"strings"
)

// Route sends requests below a path to a service.
type Route struct {
	// Prefix is the path, without a slash at its end; it is cut off before the
	// request is sent on. Empty for everything, with nothing cut off.
	Prefix string
	// Service is the name that the endpoints are registered under.
	Service string
}

// matches reports whether the path lies below the route's prefix.
func (r Route) matches(path string) bool {
	rest, ok := strings.CutPrefix(path, r.Prefix)
	return ok && (r.Prefix == "" || strings.HasPrefix(rest, "/"))
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
	return "gateway"
}
