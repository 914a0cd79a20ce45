package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/netcut"
)

func registryPartition() Kind {
	return Kind{
		Action:  "registry-partition",
		Summary: "cut members of the registry from its other members",
		Explain: "The targets and the other members of their component do not reach each other; among themselves both sides do. Clients still reach every member, " +
			"also those that cannot know any more what the others decide. A side without a majority accepts no writes.",
		Method:  cutMethod,
		Class:   NetworkCut,
		Proof:   "another agent beside each target has no answer to fresh connections from any member of the other side, and the rule of each has dropped packets",
		Undone:  cutUndone,
		Example: "{action: registry-partition, target: {component: etcd, mode: one}, at: 0s, duration: 10s}",
		bind: func(b Binding) (harness.Fault, error) {
			members := func(t Target) []Target {
				return where(b.Replicas, func(r Target) bool { return componentOf(r) == componentOf(t) && !isTarget(b, r) })
			}
			return cut{action: "registry-partition", peers: members, config: netcut.Config{In: true, Out: true}}.bind(b)
		},
	}
}
