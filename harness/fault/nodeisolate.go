package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/netcut"
)

func nodeIsolate() Kind {
	return Kind{
		Action:  "node-isolate",
		Summary: "take everything on a node off the network, as when a switch fails",
		Explain: "Every replica that is placed on the node is cut at the same time from everybody who is not on it, also from clients of what it publishes. Its processes go on, and among themselves they are connected. " +
			"Where no agents can run beside the replicas, their networks are disconnected instead: then they do not reach each other either.",
		Method:     cutMethod + "; without agents the container engine disconnects every container of the node from its networks",
		Class:      NetworkCut,
		Proof:      "another agent beside each target has no answer to fresh connections from any replica of another node, the rules have dropped packets, and no readiness check from outside is answered; of disconnected targets the engine lists that",
		Undone:     cutUndone + "; of disconnected targets their settings are compared with those before",
		Example:    "{action: node-isolate, target: {node: b}, at: 0s, duration: 10s}",
		WholeNodes: true,
		bind: func(b Binding) (harness.Fault, error) {
			if !attended(b.Targets...) {
				return disconnect("node-isolate", b.Targets)
			}
			mates := func(same bool) func(Target) []Target {
				return func(t Target) []Target {
					return where(b.Replicas, func(r Target) bool { return (nodeOf(r) == nodeOf(t)) == same && r.Name() != t.Name() })
				}
			}
			return cut{
				action: "node-isolate", others: mates(false), spared: mates(true), outside: true,
				config: netcut.Config{In: true, Out: true},
			}.bind(b)
		},
	}
}

// attended reports whether agents can run beside all targets.
func attended(targets ...Target) bool {
	for _, t := range targets {
		a, ok := t.(interface{ Attended() bool })
		if ok && !a.Attended() {
			return false
		}
		if _, ok := t.(Connected); !ok {
			return false
		}
	}
	return true
}
