package docker

import (
	"slices"
	"strings"
	"testing"

	"github.com/fournines/fournines/stack"
)

func TestProgramsAreToldWhereToRegister(t *testing.T) {
	const etcds = "etcd://etcd-1:2379,etcd-2:2379,etcd-3:2379"
	const zookeepers = "zookeeper://zookeeper-1:2181,zookeeper-2:2181,zookeeper-3:2181"
	told := func(r recipe, flag string) string {
		if at := slices.Index(r.command, flag); at >= 0 {
			return r.command[at+1]
		}
		return ""
	}
	for _, tt := range []struct {
		registry, want, centre, first string
	}{
		{"", etcds, "", "etcd-1"},
		{stack.ZooKeeper, zookeepers, etcds, "zookeeper-1"},
	} {
		t.Run("registry "+tt.registry, func(t *testing.T) {
			for _, r := range recipes("run", stack.Choices{Registry: tt.registry}) {
				switch r.component {
				case "catalog", "orders", "gateway":
					if got := told(r, "--registry"); got != tt.want {
						t.Errorf("%s registers in %q, want %q", r.name, got, tt.want)
					}
				}
				if got := told(r, "--config-centre"); r.component == "gateway" && got != tt.centre {
					t.Errorf("%s has its document from %q, want %q", r.name, got, tt.centre)
				}
				for port, names := range r.ports {
					if is := slices.Contains(names, stack.Registry); is != (r.name == tt.first && port != adminPort) {
						t.Errorf("port %d of %s is the registry: %v", port, r.name, is)
					}
				}
			}
		})
	}
}

func TestZooKeeperHasAMemoryThatOutlivesIt(t *testing.T) {
	seen := 0
	for _, r := range recipes("run", stack.Choices{Registry: stack.ZooKeeper}) {
		if r.component != stack.ZooKeeper {
			continue
		}
		seen++
		if r.volume == "" || !r.own || r.node == "" {
			t.Errorf("%s: volume %q, own %v, node %q", r.name, r.volume, r.own, r.node)
		}
		if got := strings.Join(r.command, " "); !strings.Contains(got, "--members zookeeper-1,zookeeper-2,zookeeper-3") {
			t.Errorf("%s is started by %q", r.name, got)
		}
	}
	if seen != 3 {
		t.Errorf("%d members, want 3", seen)
	}
}
