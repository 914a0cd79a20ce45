package stack

import "fmt"

// RegistryRoot is where services are registered in the reference platform's
// registry: RegistryRoot + service + "/" + instance.
const RegistryRoot = "/fournines/services/"

// nodes are the failure domains of the reference platform.
var nodes = []string{"a", "b", "c"}

// Part is one component of the reference platform and how many replicas it
// has; replica i runs on node (i-1) mod 3, counted from 1.
type Part struct {
	Component string
	Replicas  int
	// Beside marks parts that live beside the nodes (edge, monitoring): they
	// have no node.
	Beside bool
}

// Reference is the topology of the reference platform: eleven replicas.
func Reference() []Part {
	return []Part{
		{Component: "etcd", Replicas: 3},
		{Component: "catalog", Replicas: 3},
		{Component: "gateway", Replicas: 3},
		{Component: "edge", Replicas: 1, Beside: true},
		{Component: "prometheus", Replicas: 1, Beside: true},
	}
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
