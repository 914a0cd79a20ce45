package rig

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/load"
)

// EndpointKind is the StackInfo.Kind of an Endpoint's rig.
const EndpointKind = harness.EndpointKind

// Endpoint binds plan to its Load.URL: GET requests at its rate, and a prober
// over kept connections and one that opens a connection for every request,
// each at 20 requests per second or the load's rate, whichever is less.
// Nothing is injected, and no probe has to hold before the measurement: an
// endpoint that is down from the start is measured like any other.
//
// allowHosts are the hosts besides loopback addresses that requests may go to.
// No request is sent before harness.Run; an error says what in the plan cannot
// be served.
func Endpoint(plan harness.Plan, allowHosts ...string) (harness.Rig, error) {
	spec := plan.Scenario.Load
	if spec.URL == "" {
		return harness.Rig{}, fmt.Errorf("bind load: scenario %q has no URL to send requests to", plan.Scenario.Name)
	}
	if n := len(plan.Injections); n > 0 {
		return harness.Rig{}, fmt.Errorf("bind faults: the plan holds injections (%d): want none, because nothing of an endpoint can be broken", n)
	}
	generator, err := newStream(spec, false, allowHosts)
	if err != nil {
		return harness.Rig{}, err
	}
	probers := map[string]harness.Load{}
	for name, fresh := range connections() {
		slow := spec
		slow.Rate = min(proberRate, spec.Rate)
		if probers[name], err = newStream(slow, fresh, allowHosts); err != nil {
			return harness.Rig{}, err
		}
	}
	return harness.Rig{Load: generator, Probers: probers, Stack: harness.StackInfo{Kind: EndpointKind}}, nil
}

// newStream makes GET requests of the URL of spec at its rate.
func newStream(spec harness.LoadSpec, fresh bool, allowHosts []string) (harness.Load, error) {
	l, err := load.New(load.Config{
		Rate: spec.Rate, Timeout: spec.Timeout, FreshConnections: fresh, AllowHosts: allowHosts,
		Requests: func(uint64) load.Request { return load.Request{URL: spec.URL, Want: spec.Expect} },
	})
	if err != nil {
		return nil, fmt.Errorf("bind load: %w", err)
	}
	return l, nil
}
