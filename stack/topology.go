package stack

import (
	"fmt"
	"slices"
)

// RegistryRoot is where services are registered in the reference platform's
// registry: RegistryRoot + service + "/" + instance.
const RegistryRoot = "/fournines/services/"

// FarewellRoot is where it is written down in a ZooKeeper which session took an
// instance's announcement back: FarewellRoot + service + "/" + instance.
const FarewellRoot = "/fournines/farewells/"

// nodes are the failure domains of the reference platform.
var nodes = []string{"a", "b", "c"}

// Part is one component of the reference platform and how many replicas it
// has; replica i runs on node (i-1) mod 3, counted from 1.
type Part struct {
	Component string
	Replicas  int
	// Beside marks parts that live beside the nodes (edge, database, backup, monitoring): they
	// have no node.
	Beside bool
	// Needs are the components that it does not get ready without.
	Needs []string
}

// Reference is the topology of the reference platform: eighteen containers, and
// the controller beside them.
func Reference() []Part {
	return []Part{
		{Component: Etcd, Replicas: registryMembers},
		{Component: "db", Replicas: 1, Beside: true, Needs: []string{Backup}},
		{Component: Backup, Replicas: 1, Beside: true, Needs: []string{"db"}},
		{Component: "catalog", Replicas: 3, Needs: []string{"etcd"}},
		{Component: "orders", Replicas: 3, Needs: []string{"etcd", "db"}},
		{Component: "gateway", Replicas: 3, Needs: []string{"etcd", "catalog"}},
		{Component: "edge", Replicas: 1, Beside: true, Needs: []string{"gateway"}},
		{Component: Prometheus, Replicas: 1, Beside: true},
		{Component: Alertmanager, Replicas: 1, Beside: true, Needs: []string{Pager}},
		{Component: Pager, Replicas: 1, Beside: true},
		{Component: Controller, Replicas: 1, Beside: true},
	}
}

// Components are the names of the reference platform's parts, in its order.
func Components() (names []string) {
	for _, part := range Reference() {
		names = append(names, part.Component)
	}
	return names
}

// ForReaders are the components that serve readers and watch over them: all that
// a request which reads can have to do with.
func ForReaders() []string {
	return []string{"etcd", "catalog", "gateway", "edge", Prometheus, Alertmanager, Pager, Controller}
}

// registryMembers is how many members a registry has.
const registryMembers = 3

// PartsOf is Reference without what neither is named nor needed by what is; no
// names are all of it.
func PartsOf(names []string) []Part {
	all := Reference()
	if len(names) == 0 {
		return all
	}
	wanted := make(map[string]bool)
	for next := slices.Clone(names); len(next) > 0; next = next[1:] {
		if wanted[next[0]] {
			continue
		}
		wanted[next[0]] = true
		for _, part := range all {
			if part.Component == next[0] {
				next = append(next, part.Needs...)
			}
		}
	}
	return slices.DeleteFunc(all, func(p Part) bool { return !wanted[p.Component] })
}

// ReplicaName is the name of replica i (from 1) of the part: "catalog-2", or
// just the component's name when there is only one.
func (p Part) ReplicaName(i int) string {
	if p.Replicas == 1 {
		return p.Component
	}
	return fmt.Sprintf("%s-%d", p.Component, i)
}

// Node is the failure domain of replica i (from 1); "" for parts beside the
// nodes.
func (p Part) Node(i int) string {
	if p.Beside {
		return ""
	}
	return nodes[(i-1)%len(nodes)]
}
