package rig

import (
	"slices"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// sights says who of observers can notice a fault in which components of st,
// so that the silence of a stack that watches nothing is told from that of one
// that noticed nothing. What only proves effect and repair (containers,
// readiness) notices nothing. The list is never nil.
func sights(st stack.Stack) []harness.Sight {
	all := []harness.Sight{}
	var components []string
	for _, c := range st.Components() {
		components = append(components, c.Name)
	}
	see := func(source string, seen ...string) {
		seen = slices.DeleteFunc(seen, func(c string) bool { return !slices.Contains(components, c) })
		if len(seen) > 0 {
			all = append(all, harness.Sight{Source: source, Components: seen, Pages: source == "prometheus"})
		}
	}
	_, own := st.(registryEvents)
	if own || len(urls(st, "etcd")) > 0 {
		see("registry", "catalog") // its leases
	}
	for _, c := range st.Components() {
		if c.Name == "gateway" {
			for _, r := range c.Replicas {
				see(r.Name(), "catalog") // which it sends requests to
			}
		}
	}
	_, admin := st.URL(stack.EdgeAdmin)
	_, stats := st.URL(stack.EdgeStats)
	if admin || stats {
		see(stack.Edge, "gateway")
	}
	if _, ok := st.URL(stack.Prometheus); ok {
		// It scrapes all of them, and cannot raise an alert about its own end.
		see("prometheus", slices.DeleteFunc(slices.Clone(components), func(c string) bool { return c == stack.Prometheus })...)
	}
	return all
}
