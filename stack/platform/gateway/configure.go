package gateway

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/registry"
)

// acquaint is how long a configuration waits, before it comes into effect, for
// the registry to name the endpoints of services that are new with it.
const acquaint = 500 * time.Millisecond

// Parse reads a document: what it does not name is as in Defaults. The error
// names everything that is wrong with it.
func Parse(document []byte) (Options, error) {
	o := Defaults()
	if err := config.Decode(document, &o); err != nil {
		return Options{}, err
	}
	return o, o.check()
}

// Document is the options as a document, which Parse reads.
func (o Options) Document() ([]byte, error) {
	text, err := json.MarshalIndent(o, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the gateway's configuration: %w", err)
	}
	return append(text, '\n'), nil
}

// use is the config.Use of the gateway's document.
func (g *Gateway) use(document []byte) (err error) {
	o, err := Parse(document)
	if slices.Contains(g.config.Without, ValidationFeature) {
		// A platform that checks nothing takes what it can read, and that is all
		// there is. What cannot even be built is the only thing left to refuse.
		o = Options{}
		_ = json.Unmarshal(document, &o)
		err = nil
		defer func() {
			if r := recover(); r != nil {
				err = fmt.Errorf("use a configuration that was not checked: %v", r)
			}
		}()
	}
	if err != nil {
		return err
	}
	return g.apply(o)
}

// apply puts options into effect. Requests under way end under the old ones.
func (g *Gateway) apply(o Options) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	o.Without = append(slices.Clone(o.Without), g.config.Without...)
	var fresh []*pool
	wanted := make(map[string]bool)
	for _, route := range o.Routes {
		if wanted[route.Service] {
			continue
		}
		wanted[route.Service] = true
		if p := g.pools[route.Service]; p != nil {
			p.reconfigure(o)
			continue
		}
		p := g.newPool(route.Service, o)
		fresh = append(fresh, p)
		g.pools[route.Service] = p
		if g.running != nil {
			g.watch(route.Service)
		}
	}
	t, err := g.newTable(o)
	if err != nil {
		return err
	}
	if g.table.Load() != nil && g.running != nil {
		g.await(fresh)
	}
	g.table.Store(t)
	for service := range g.pools {
		if !wanted[service] {
			g.forget(service)
		}
	}
	return nil
}

// newPool makes the pool of a service whose endpoints are not known yet.
func (g *Gateway) newPool(service string, o Options) *pool {
	connect := func(_ registry.Instance, o Options) http.RoundTripper { return newTransport(o) }
	if g.config.Connect != nil {
		connect = func(in registry.Instance, _ Options) http.RoundTripper { return g.config.Connect(in) }
	}
	p := &pool{
		service: service, options: o, log: g.config.Log, metrics: g.upstream, guard: g.guard, transitions: g.transitions,
		connect: connect, answered: make(chan struct{}), pace: &pace{},
	}
	p.renewFuse(o)
	return p
}

// await waits until the registry has answered for all pools, and not too long.
func (g *Gateway) await(pools []*pool) {
	limit := time.NewTimer(acquaint)
	defer limit.Stop()
	for _, p := range pools {
		select {
		case <-p.answered:
		case <-limit.C:
			g.config.Log.Warn("service is on a route and not known yet", "service", p.service)
			return
		case <-g.running.Done():
			return
		}
	}
}

// forget ends the watch of a service that is on no route any more; g.mu is
// held.
func (g *Gateway) forget(service string) {
	delete(g.pools, service)
	g.guard.ForgetBreaker(service)
	if leave := g.watching[service]; leave != nil {
		leave()
		delete(g.watching, service)
	}
}
