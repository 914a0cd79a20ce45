package rig

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

// fakeReplica is a replica that is named and nothing more.
type fakeReplica struct {
	name, component, node string
	sick                  error
}

func (r fakeReplica) Name() string                           { return r.name }
func (r fakeReplica) Component() string                      { return r.component }
func (r fakeReplica) Node() string                           { return r.node }
func (r fakeReplica) ID() string                             { return "id-" + r.name }
func (r fakeReplica) Kill(context.Context, string) error     { return nil }
func (r fakeReplica) Start(context.Context) error            { return nil }
func (r fakeReplica) Pause(context.Context) error            { return nil }
func (r fakeReplica) Unpause(context.Context) error          { return nil }
func (r fakeReplica) Status(context.Context) (string, error) { return "running", nil }
func (r fakeReplica) Ready(context.Context) error            { return r.sick }

// fakeStack has the reference topology and the endpoints given.
type fakeStack struct {
	endpoints map[string]string
	sick      map[string]error
}

func (fakeStack) Kind() string                                          { return "fake" }
func (fakeStack) Events(ctx context.Context, _ func(stack.Event)) error { <-ctx.Done(); return nil }
func (fakeStack) Versions() map[string]string                           { return map[string]string{"fake": "1"} }
func (fakeStack) Down(context.Context) error                            { return nil }

func (s fakeStack) URL(endpoint string) (string, bool) {
	u, ok := s.endpoints[endpoint]
	return u, ok
}

func (s fakeStack) Components() []stack.Component {
	var all []stack.Component
	for _, p := range stack.Reference() {
		c := stack.Component{Name: p.Component}
		for i := 1; i <= p.Replicas; i++ {
			name := p.ReplicaName(i)
			c.Replicas = append(c.Replicas, fakeReplica{name: name, component: p.Component, node: p.Node(i), sick: s.sick[name]})
		}
		all = append(all, c)
	}
	return all
}

// referenceReplicas is how many replicas a fakeStack has.
func referenceReplicas() (n int) {
	for _, p := range stack.Reference() {
		n += p.Replicas
	}
	return n
}

// watchingStack reports the registry's changes itself.
type watchingStack struct{ fakeStack }

func (watchingStack) RegistryEvents(ctx context.Context, _ func(stack.Event)) error {
	<-ctx.Done()
	return nil
}

func endpoints(names ...string) map[string]string {
	all := map[string]string{}
	for _, n := range names {
		all[n] = "http://127.0.0.1:1"
	}
	return all
}

func plan(action string, targets ...string) harness.Plan {
	return harness.Plan{
		Seed: 1, Trial: 1,
		Scenario:   harness.Scenario{Name: "s", Load: harness.LoadSpec{Rate: 10, Mix: "browse", Timeout: time.Second}},
		Injections: []harness.PlannedInjection{{Action: action, Targets: targets, Duration: time.Second}},
	}
}

func TestNewBindsWhatThePlanNames(t *testing.T) {
	st := fakeStack{endpoints: endpoints(stack.Edge)}
	got, err := New(plan("container-kill", "catalog-2"), st)
	if err != nil {
		t.Fatal(err)
	}
	if got.Load == nil || len(got.Steady) != 2 || len(got.Faults) != 1 {
		t.Fatalf("rig %+v; want a load, two probes and one fault", got)
	}
	if want := `container-kill "catalog-2"`; got.Faults[0].String() != want {
		t.Errorf("fault %s; want %s", got.Faults[0], want)
	}
	if len(got.Stack.Targets) != referenceReplicas() || got.Stack.Kind != "fake" || got.Stack.Versions["fake"] != "1" {
		t.Errorf("stack info %+v; want all targets of a fake stack", got.Stack)
	}
	if want := (harness.Target{Name: "catalog-2", Component: "catalog", Node: "b"}); got.Stack.Targets[6] != want {
		t.Errorf("target %+v; want %+v", got.Stack.Targets[6], want)
	}
}

func TestNewRefusesWhatTheStackCannotServe(t *testing.T) {
	withEdge := fakeStack{endpoints: endpoints(stack.Edge)}
	otherMix := plan("noop")
	otherMix.Scenario.Load.Mix = "brows"
	for name, c := range map[string]struct {
		st   stack.Stack
		plan harness.Plan
		want string
	}{
		"no edge":            {fakeStack{}, plan("noop"), `no endpoint "edge"`},
		"an unknown replica": {withEdge, plan("container-kill", "catalog-9"), `no replica "catalog-9"; it has [etcd-1`},
		"an unknown action":  {withEdge, plan("container-kil", "catalog-1"), "container-kil"},
		"no target":          {withEdge, plan("container-kill"), "injection 1"},
		"an unknown mix":     {withEdge, otherMix, "brows"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := New(c.plan, c.st); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v; want it to say %s", err, c.want)
			}
		})
	}
}

// foreignStack is somebody's own: its services are called like ours and are
// something else.
type foreignStack struct{ fakeStack }

func (foreignStack) Kind() string { return stack.ComposeKind }

func TestAStackOfSomebodyElse(t *testing.T) {
	st := foreignStack{fakeStack{endpoints: endpoints("catalog-2", "etcd-1", "gateway-1"), sick: map[string]error{"catalog-2": errors.New("out of order")}}}
	if _, err := New(plan("noop"), st); err == nil || !strings.Contains(err.Error(), "want load.url, a page of that stack, in its place") {
		t.Errorf("a mix: %v, want it refused", err)
	}
	p := plan("container-kill", "catalog-2")
	p.Scenario.Load = harness.LoadSpec{Rate: 10, URL: "http://127.0.0.1:1/shop", Timeout: time.Second}
	got, err := New(p, st)
	if err != nil {
		t.Fatal(err)
	}
	var observed []string
	for _, o := range got.Observers {
		observed = append(observed, o.String())
	}
	if diff := cmp.Diff([]string{"containers", "readiness"}, observed); diff != "" {
		t.Errorf("observers (-want +got):\n%s", diff)
	}
	if got.Stack.Observers == nil || len(got.Stack.Observers) > 0 {
		t.Errorf("%v can notice faults, want nobody, and that this is known", got.Stack.Observers)
	}
	if len(got.Steady) != 2 || got.Steady[0].String() != "GET http://127.0.0.1:1/shop" {
		t.Errorf("steady probes %v, want the page and all replicas", got.Steady)
	}
	for _, r := range got.Replicas {
		if err := r.Ready(t.Context()); (err != nil) != (r.Name == "catalog-2") {
			t.Errorf("%s is asked how it is and says %v", r.Name, err)
		}
	}
	if len(got.Replicas) != referenceReplicas() {
		t.Errorf("%d replicas can be asked how they are, want all", len(got.Replicas))
	}
	if edge, ok := edgeOf(p, st)(); !ok || edge != "http://127.0.0.1:1" {
		t.Errorf("clients send their requests to %q, %v", edge, ok)
	}
	p.Scenario.Load.URL = "http://192.0.2.1/"
	if _, err := New(p, st); err == nil || !strings.Contains(err.Error(), "not allowed") {
		t.Errorf("a page of another machine: %v, want it refused", err)
	}
	if _, err := New(p, st, "192.0.2.1"); err != nil {
		t.Errorf("one that is allowed: %v", err)
	}
}

func TestEverySourceThatTheStackOffersIsObserved(t *testing.T) {
	names := func(st stack.Stack) (all []string) {
		for _, o := range observers(plan("container-kill", "catalog-2"), st) {
			all = append(all, o.String())
		}
		return all
	}
	bare := []string{"containers", "readiness", "registry", "gateway-1", "gateway-2", "gateway-3"}
	if diff := cmp.Diff(bare, names(watchingStack{fakeStack{endpoints: endpoints(stack.Edge)}})); diff != "" {
		t.Errorf("a stack without edge statistics and monitoring (-want +got):\n%s", diff)
	}
	built := append(bare, "edge")
	if diff := cmp.Diff(built, names(fakeStack{endpoints: endpoints(stack.Edge, stack.EdgeAdmin)})); diff != "" {
		t.Errorf("a stack whose edge is built like a gateway (-want +got):\n%s", diff)
	}
	full := append(bare, "edge", "prometheus", "alertmanager", "backup")
	if diff := cmp.Diff(full, names(fakeStack{endpoints: endpoints(stack.Edge, stack.EdgeStats, stack.Prometheus, stack.Pager, stack.Backup)})); diff != "" {
		t.Errorf("a stack with everything (-want +got):\n%s", diff)
	}
}

func TestReadinessIsAskedOncePerTarget(t *testing.T) {
	p := plan("container-kill", "catalog-1", "catalog-2")
	p.Injections = append(p.Injections, p.Injections[0])
	if got := readinessChecks(p, fakeStack{}); len(got) != 2 {
		t.Errorf("%d checks; want 2", len(got))
	}
}

func TestAllReadyNamesTheSick(t *testing.T) {
	if err := (allReady{fakeStack{}}).Check(t.Context()); err != nil {
		t.Errorf("a healthy stack: %v", err)
	}
	sick := fakeStack{sick: map[string]error{"catalog-2": errors.New("expected 200, saw 503")}}
	err := (allReady{sick}).Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "catalog-2 (expected 200, saw 503)") || strings.Contains(err.Error(), "catalog-1") {
		t.Errorf("error %v; want catalog-2 alone", err)
	}
}

// saying emits signals of the given kinds.
type saying []harness.Kind

func (saying) String() string { return "saying" }

func (s saying) Observe(_ context.Context, emit func(harness.Signal)) error {
	for _, k := range s {
		emit(harness.Signal{Kind: k})
	}
	return nil
}

func TestAnEdgeSpeaksAsALoadBalancer(t *testing.T) {
	var got []harness.Kind
	said := saying{harness.Ejected, harness.Readmitted, harness.Removed}
	if err := (balancer{said}).Observe(t.Context(), func(s harness.Signal) { got = append(got, s.Kind) }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]harness.Kind{harness.LBDown, harness.LBUp, harness.Removed}, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}
