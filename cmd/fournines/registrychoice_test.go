package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/stack"
)

func TestAFaultOfTheRegistryHitsTheOneThatIsThere(t *testing.T) {
	of := func(action, component string, params map[string]string) harness.FaultSpec {
		return harness.FaultSpec{Action: action, Target: harness.TargetSpec{Component: component}, Params: params}
	}
	for _, tt := range []struct {
		rule       string
		fault, sut harness.FaultSpec
	}{
		{"its leader", of("leader-kill", "etcd", nil), of("leader-kill", "zookeeper", nil)},
		{"the way to it", of("partition", "catalog", map[string]string{"peers": "etcd"}), of("partition", "catalog", map[string]string{"peers": "zookeeper"})},
		{"the way to it where nothing is said", of("watch-lost", "gateway", nil), of("watch-lost", "gateway", map[string]string{"peers": "zookeeper"})},
		{"another way stays", of("partition", "gateway", map[string]string{"peers": "catalog"}), of("partition", "gateway", map[string]string{"peers": "catalog"})},
		{"the config centre stays", of("config-centre-outage", "gateway", nil), of("config-centre-outage", "gateway", nil)},
		{"a container of etcd stays", of("container-kill", "etcd", nil), of("container-kill", "etcd", nil)},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			asked := []chosen{{Scenario: harness.Scenario{Faults: []harness.FaultSpec{tt.fault}}}}
			in := stackChoice{kind: stackDocker, platform: stack.Choices{Registry: stack.ZooKeeper}}
			if diff := cmp.Diff(tt.sut, meant(asked, in)[0].Faults[0]); diff != "" {
				t.Errorf("with ZooKeeper (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.fault, asked[0].Faults[0]); diff != "" {
				t.Errorf("what was asked for was changed (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.fault, meant(asked, stackChoice{kind: stackDocker})[0].Faults[0]); diff != "" {
				t.Errorf("with etcd (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheChosenRegistryIsATarget(t *testing.T) {
	count := func(c stack.Choices) (n int) {
		for _, target := range (stackChoice{kind: stackDocker, platform: c}).targets() {
			if target.Component == stack.ZooKeeper {
				n++
			}
		}
		return n
	}
	if got := count(stack.Choices{Registry: stack.ZooKeeper, Components: stack.ForReaders()}); got != 3 {
		t.Errorf("%d members of ZooKeeper can be hit, want 3", got)
	}
	if got := count(stack.Choices{}); got != 0 {
		t.Errorf("%d members of ZooKeeper can be hit in a platform without one", got)
	}
}
