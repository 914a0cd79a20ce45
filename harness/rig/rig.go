// Package rig joins a Plan to a live stack: it is the only package that knows
// both the harness and what a stack is. It makes the load, the probes, the
// faults and the observers that harness.Run drives.
package rig

import (
	"errors"
	"fmt"
	"maps"
	neturl "net/url"
	"slices"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/harness/ledger"
	"github.com/fournines/fournines/harness/load"
	"github.com/fournines/fournines/stack"
)

// New binds plan to st. The rig can be run once; its parts hold no resources
// until harness.Run starts them. An error says which part of the plan the
// stack cannot serve. allowHosts are the hosts besides loopback addresses that
// the requests of a plan with a Load.URL may go to.
func New(plan harness.Plan, st stack.Stack, allowHosts ...string) (harness.Rig, error) {
	books, err := newBooks(plan, st)
	if err != nil {
		return harness.Rig{}, err
	}
	generator, err := newLoad(plan, st, traffic{client: plan.Scenario.Load.Mix, writer: books.writer, book: books.book}, allowHosts)
	if err != nil {
		return harness.Rig{}, err
	}
	probers, err := newProbers(plan, st, books, allowHosts)
	if err != nil {
		return harness.Rig{}, err
	}
	faults, err := newFaults(plan, st, books)
	if err != nil {
		return harness.Rig{}, err
	}
	steady, err := steadyProbes(plan, st, allowHosts)
	if err != nil {
		return harness.Rig{}, err
	}
	info := Info(st)
	info.Observers = sights(st)
	return harness.Rig{
		Load: generator, Ledger: books.ledger(), Probers: probers, Faults: faults, Steady: steady,
		Observers: append(observers(plan, st), books.observers()...), Stack: info, Replicas: replicas(st),
	}, nil
}

// proberRate is the pace of each prober in requests per second: enough to see
// an outage of 50 ms, too little to matter as load.
const proberRate = 20

// connections maps each prober's name to whether it opens a connection for
// every request.
func connections() map[string]bool { return map[string]bool{"pooled": false, "fresh": true} }

// newProbers makes the streams beside the load: one over kept connections, one
// that opens a connection for every request.
func newProbers(plan harness.Plan, st stack.Stack, b books, allowHosts []string) (map[string]harness.Load, error) {
	probers := map[string]harness.Load{}
	for name, fresh := range connections() {
		p := plan
		p.Scenario.Load.Rate = proberRate
		l, err := newLoad(p, st, traffic{client: proberClient + name, writer: b.other(name), fresh: fresh}, allowHosts)
		if err != nil {
			return nil, err
		}
		probers[name] = l
	}
	return probers, nil
}

// Targets lists what faults can hit in st.
func Targets(st stack.Stack) []harness.Target {
	var targets []harness.Target
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			targets = append(targets, harness.Target{Name: r.Name(), Component: r.Component(), Node: r.Node()})
		}
	}
	return targets
}

// replicas are those of st with their readiness checks.
func replicas(st stack.Stack) []harness.Replica {
	var all []harness.Replica
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			all = append(all, harness.Replica{
				Target: harness.Target{Name: r.Name(), Component: r.Component(), Node: r.Node()}, Ready: r.Ready,
			})
		}
	}
	return all
}

// Info describes st for the evidence.
func Info(st stack.Stack) harness.StackInfo {
	return harness.StackInfo{Kind: st.Kind(), Targets: Targets(st), Versions: st.Versions(), Weights: weights(st)}
}

// weights are those of replicas among which st spreads requests unevenly; nil
// where all have the same.
func weights(st stack.Stack) map[string]int {
	weighed, ok := st.(stack.Weighed)
	if !ok {
		return nil
	}
	all := weighed.Weights()
	values := slices.Collect(maps.Values(all))
	if len(values) == 0 || slices.Min(values) == slices.Max(values) {
		return nil
	}
	return all
}

// Clients of a stack that tells them apart: the scenario's load is the client
// that its mix is named after, and nobody else's limits are its own.
const (
	proberClient = "prober-"
	crowdClient  = "crowd" // of the faults of load
)

// traffic says in whose name requests are sent, and how.
type traffic struct {
	// client is who asks, where the stack wants to know.
	client string
	// writer is whose writes they are, and book takes them; nil for nobody.
	writer string
	book   *ledger.Book
	// fresh opens a connection for every request.
	fresh bool
}

// newLoad makes the scenario's traffic against its URL, or else against the
// stack's edge.
func newLoad(plan harness.Plan, st stack.Stack, how traffic, allowHosts []string) (harness.Load, error) {
	spec := plan.Scenario.Load
	if spec.URL != "" {
		return newStream(spec, how.fresh, allowHosts)
	}
	edge, ok := st.URL(stack.Edge)
	if !ok {
		return nil, fmt.Errorf("bind load: mix %q is traffic for the reference platform, and the %s stack has no endpoint %q to send it to: "+
			"want load.url, a page of that stack, in its place", spec.Mix, st.Kind(), stack.Edge)
	}
	requests, err := load.Named(spec.Mix, edge, plan.Seed, how.writer)
	if err != nil {
		return nil, fmt.Errorf("bind load: %w", err)
	}
	token, err := tokenOf(st, how.client)
	if err != nil {
		return nil, err
	}
	requests = load.Authorized(requests, token)
	trust, err := trustOf(st)
	if err != nil {
		return nil, err
	}
	return load.New(load.Config{Rate: spec.Rate, Timeout: spec.Timeout, Requests: requests, FreshConnections: how.fresh, Trust: trust, Book: how.book})
}

// tokenOf lets a client in; empty where the stack asks nobody.
func tokenOf(st stack.Stack, client string) (string, error) {
	issuer, ok := st.(stack.Tokens)
	if !ok {
		return "", nil
	}
	token, err := issuer.Token(client)
	if err != nil {
		return "", fmt.Errorf("bind load: token for %q: %w", client, err)
	}
	return token, nil
}

// Faults binds the plan's faults alone to st, which need not be up: whether they
// are possible there can be asked before. See New.
func Faults(plan harness.Plan, st stack.Stack) ([]harness.Fault, error) {
	return newFaults(plan, st, books{})
}

// newFaults makes the plan's faults over the stack's replicas, in its order.
func newFaults(plan harness.Plan, st stack.Stack, b books) ([]harness.Fault, error) {
	var all []fault.Target
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			all = append(all, r)
		}
	}
	trust, err := trustOf(st)
	if err != nil {
		return nil, err
	}
	var faults []harness.Fault
	for i, inj := range plan.Injections {
		if len(inj.Open) > 0 {
			return nil, fmt.Errorf("bind injection %d: nobody has asked yet which of %v is meant: resolve the plan again right before the trial", i+1, inj.Open)
		}
		targets := make([]fault.Target, len(inj.Targets))
		for j, name := range inj.Targets {
			replica, ok := stack.Find(st, name)
			if !ok {
				return nil, fmt.Errorf("bind injection %d: the %s stack has no replica %q; it has %v",
					i+1, st.Kind(), name, names(st))
			}
			targets[j] = replica
		}
		f, err := fault.New(inj.Action, fault.Binding{
			Values: inj.Params, Targets: targets, Replicas: all,
			Edge:  edgeOf(plan, st),
			Trust: trust,
			Lasts: inj.Duration,
			Rate:  plan.Scenario.Load.Rate,
			Load: func(rate float64, fresh bool) (harness.Load, error) {
				p := plan
				p.Scenario.Load.Rate = rate
				p.Seed++ // the same requests at the same times would meet what is warm already
				return newLoad(p, st, traffic{client: crowdClient, writer: b.other(crowdClient), fresh: fresh}, nil)
			},
			Seed: plan.Seed + uint64(plan.Trial)<<32 + uint64(i)<<48,
		})
		if errors.Is(err, errors.ErrUnsupported) { // the trial says so
			f, err = fault.Impossible(inj.Action, err), nil
		}
		if err != nil {
			return nil, fmt.Errorf("bind injection %d: %w", i+1, err)
		}
		faults = append(faults, f)
	}
	return faults, nil
}

// edgeOf finds the base URL to which clients send their requests.
func edgeOf(plan harness.Plan, st stack.Stack) func() (string, bool) {
	if page, err := neturl.Parse(plan.Scenario.Load.URL); err == nil && page.Host != "" {
		return func() (string, bool) { return page.Scheme + "://" + page.Host, true }
	}
	return func() (string, bool) { return st.URL(stack.Edge) }
}

func names(st stack.Stack) []string {
	var all []string
	for _, t := range Targets(st) {
		all = append(all, t.Name)
	}
	return all
}
