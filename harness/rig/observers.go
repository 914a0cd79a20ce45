package rig

import (
	"context"
	"slices"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/observe"
	"github.com/fournines/fournines/stack"
)

// How often the polled sources are asked. Each poll costs the stack one small
// request; the interval is the resolution of what they report.
const (
	edgeEvery      = 200 * time.Millisecond
	gatewayEvery   = 200 * time.Millisecond
	readinessEvery = 100 * time.Millisecond
	alertsEvery    = 500 * time.Millisecond
	// controllerEvery costs one request on this machine.
	controllerEvery = 200 * time.Millisecond
	pagerEvery      = 200 * time.Millisecond
	backupEvery     = 200 * time.Millisecond
)

// registryEvents is a stack that reports the registry's changes itself because
// it has no registry to be watched from outside.
type registryEvents interface {
	RegistryEvents(ctx context.Context, emit func(stack.Event)) error
}

// observers watches everything in st that can tell how a fault went.
func observers(plan harness.Plan, st stack.Stack) []harness.Observer {
	all := []harness.Observer{
		observe.Containers(stream(st.Events)),
		observe.Readiness(readinessEvery, readinessChecks(plan, st)...),
	}
	if st.Kind() == stack.ComposeKind { // what a service is called says nothing of what it is
		return all
	}
	if r, ok := st.(registryEvents); ok {
		all = append(all, observe.RegistryEvents(stream(r.RegistryEvents)))
	} else if members := urls(st, stack.ZooKeeper); len(members) > 0 {
		all = append(all, observe.ZooKeeper(members, stack.RegistryRoot, stack.FarewellRoot))
	} else if members := urls(st, stack.Etcd); len(members) > 0 {
		all = append(all, observe.Registry(members, stack.RegistryRoot))
	}
	for _, c := range st.Components() {
		if c.Name != "gateway" {
			continue
		}
		for _, r := range c.Replicas {
			all = append(all, observe.Gateway(r.Name(), url(st, r.Name()), gatewayEvery))
		}
	}
	if _, ok := st.URL(stack.EdgeAdmin); ok {
		all = append(all, balancer{observe.Gateway(stack.Edge, url(st, stack.EdgeAdmin), gatewayEvery)})
	}
	if _, ok := st.URL(stack.EdgeStats); ok {
		all = append(all, observe.Edge(url(st, stack.EdgeStats), edgeEvery))
	}
	if _, ok := st.URL(stack.Controller); ok {
		all = append(all, observe.Controller(url(st, stack.Controller), controllerEvery))
	}
	if _, ok := st.URL(stack.Prometheus); ok {
		all = append(all, observe.Alerts(url(st, stack.Prometheus), alertsEvery))
	}
	if _, ok := st.URL(stack.Pager); ok {
		all = append(all, observe.Pager(url(st, stack.Pager), pagerEvery))
	}
	if _, ok := st.URL(stack.Backup); ok {
		all = append(all, observe.Backup(url(st, stack.Backup), backupEvery))
	}
	return all
}

// balancer reads the transitions of an edge that is built like a gateway in the
// words of a load balancer: what it ejects is out of the path for good.
type balancer struct{ harness.Observer }

func (b balancer) Observe(ctx context.Context, emit func(harness.Signal)) error {
	return b.Observer.Observe(ctx, func(s harness.Signal) {
		switch s.Kind {
		case harness.Ejected:
			s.Kind = harness.LBDown
		case harness.Readmitted:
			s.Kind = harness.LBUp
		}
		emit(s)
	})
}

// stream adapts a stack's event source to the observers'.
func stream(events func(context.Context, func(stack.Event)) error) observe.Stream {
	return func(ctx context.Context, emit func(at time.Time, replica, kind, detail string)) error {
		return events(ctx, func(e stack.Event) { emit(e.Time, e.Replica, e.Kind, e.Detail) })
	}
}

// url asks the stack for the endpoint each time, because a port can change
// when a replica is restarted.
func url(st stack.Stack, endpoint string) func() (string, bool) {
	return func() (string, bool) { return st.URL(endpoint) }
}

// urls is url for every replica of a component.
func urls(st stack.Stack, component string) []func() (string, bool) {
	var all []func() (string, bool)
	for _, t := range Targets(st) {
		if t.Component == component {
			all = append(all, url(st, t.Name))
		}
	}
	return all
}

// readinessChecks are those of the replicas that the plan hits.
func readinessChecks(plan harness.Plan, st stack.Stack) []observe.Check {
	var checks []observe.Check
	var seen []string
	for _, inj := range plan.Injections {
		for _, name := range inj.Targets {
			r, ok := stack.Find(st, name)
			if !ok || slices.Contains(seen, name) {
				continue
			}
			seen = append(seen, name)
			checks = append(checks, observe.Check{Replica: name, Ready: r.Ready})
		}
	}
	return checks
}
