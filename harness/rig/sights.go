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
	if st.Kind() == stack.ComposeKind {
		return all
	}
	pages := stack.Prometheus // an alert reaches a person from where nobody sends it on, by being looked at
	_, sent := st.URL(stack.Pager)
	if sent {
		pages = stack.Alertmanager
	}
	var components []string
	for _, c := range st.Components() {
		components = append(components, c.Name)
	}
	see := func(source string, seen ...string) {
		seen = slices.DeleteFunc(seen, func(c string) bool { return !slices.Contains(components, c) })
		if len(seen) > 0 {
			all = append(all, harness.Sight{Source: source, Components: seen, Pages: source == pages})
		}
	}
	_, own := st.(registryEvents)
	if own || len(urls(st, stack.Etcd)) > 0 {
		see("registry", "catalog", "orders") // their leases
	}
	for _, c := range st.Components() {
		if c.Name == "gateway" {
			for _, r := range c.Replicas {
				see(r.Name(), "catalog", "orders") // which it sends requests to
			}
		}
	}
	_, admin := st.URL(stack.EdgeAdmin)
	_, stats := st.URL(stack.EdgeStats)
	if admin || stats {
		see(stack.Edge, "gateway")
	}
	if _, ok := st.URL(stack.Controller); ok { // it cannot notice its own end
		see(stack.Controller, slices.DeleteFunc(slices.Clone(components), func(c string) bool { return c == stack.Controller })...)
	}
	if _, ok := st.URL(stack.Prometheus); ok {
		// It scrapes all containers, and cannot raise an alert about its own end.
		see(stack.Prometheus, slices.DeleteFunc(slices.Clone(components), func(c string) bool { return c == stack.Prometheus || c == stack.Controller })...)
	}
	if sent { // nor can what sends alerts send one about its own end
		see(stack.Alertmanager, slices.DeleteFunc(slices.Clone(components), func(c string) bool {
			return c == stack.Controller || c == stack.Prometheus || c == stack.Alertmanager || c == stack.Pager
		})...)
	}
	return all
}
