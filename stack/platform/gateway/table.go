package gateway

import "net/http"

// mostRoutes is how many routes a document may have.
const mostRoutes = 1000

// table is one configuration in effect. It never changes: a request that began
// under one ends under it.
type table struct {
	options Options
	proxies map[string]http.Handler // by prefix
	pools   map[string]*pool        // by service
}

// newTable compiles options over the pools of its services.
func (g *Gateway) newTable(o Options) (*table, error) {
	t := &table{options: o, proxies: make(map[string]http.Handler), pools: make(map[string]*pool)}
	upstreams := make(map[string]*resilience)
	for _, route := range o.Routes {
		r := upstreams[route.Service]
		if r == nil {
			r = newResilience(g.pools[route.Service], o)
			upstreams[route.Service] = r
			t.pools[route.Service] = g.pools[route.Service]
		}
		guarded, err := g.guarded(route, o, newProxy(route, r, g.config.Log))
		if err != nil {
			return nil, err
		}
		t.proxies[route.Prefix] = guarded
	}
	return t, nil
}

// guarded puts in front of a route what may refuse a request: first who it is
// from, then whether that is too much for one client, then whether it is too
// much for the gateway.
func (g *Gateway) guarded(route Route, o Options, next http.Handler) (http.Handler, error) {
	if o.Has(AdmissionFeature) {
		next = admission{g, o.Admission, route.Service, next}
	}
	if o.Has(RateLimitFeature) {
		next = limiter{g, o.RateLimit, route, next}
	}
	if o.Has(AuthFeature) && (route.Auth == Optional || route.Auth == Required) {
		v, err := o.Auth.verifier()
		if err != nil {
			return nil, err
		}
		next = authenticator{g, v, route.Service, route.Auth == Required, next}
	}
	return next, nil
}

// proxy finds the handler of a path.
func (t *table) proxy(path string) (http.Handler, bool) {
	route, found := t.options.route(path)
	if !found {
		return nil, false
	}
	return t.proxies[route.Prefix], true
}
