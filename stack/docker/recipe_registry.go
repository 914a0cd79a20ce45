package docker

import (
	"fmt"
	"strings"

	"github.com/fournines/fournines/stack"
)

// isRegistry makes the member's client port the registry of the platform, where
// one address has to do.
func (r *recipe) isRegistry(first bool) {
	for port, names := range r.ports {
		if first && len(names) > 0 {
			r.ports[port] = append(names, stack.Registry)
		}
	}
}

// zookeeper is member i of the ensemble, and beside it in the container the
// program that says over HTTP how it is: ZooKeeper's own words for that go over
// its client port.
func (r *recipe) zookeeper(i int, part stack.Part) {
	var members []string
	for n := 1; n <= part.Replicas; n++ {
		members = append(members, part.ReplicaName(n))
	}
	r.own = true
	r.command = []string{"fournines", "platform", "zookeeper",
		"--name", r.name,
		"--member", fmt.Sprint(i),
		"--members", strings.Join(members, ","),
		"--port", fmt.Sprint(zookeeperPort),
		"--admin", fmt.Sprintf(":%d", adminPort),
		"--data", "/data",
	}
	r.ports = map[uint16][]string{zookeeperPort: {r.name}, adminPort: nil}
	r.admin, r.readyPath = adminPort, "/-/ready"
	r.volume = "/data"
	r.memory = 384 * mebibyte
}

// membersAddress is a registry as the platform's programs are told it.
func membersAddress(component string) string {
	port := map[string]int{stack.Etcd: etcdClientPort, stack.ZooKeeper: zookeeperPort}[component]
	var members []string
	for _, part := range (stack.Choices{Registry: component}).Parts() {
		for i := 1; part.Component == component && i <= part.Replicas; i++ {
			members = append(members, fmt.Sprintf("%s:%d", part.ReplicaName(i), port))
		}
	}
	return component + "://" + strings.Join(members, ",")
}
