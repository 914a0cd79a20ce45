package fault

import "github.com/fournines/fournines/harness"

func blackhole() Kind {
	return Kind{
		Action:  "blackhole",
		Summary: "lose all packets of a replica",
		Explain: "Nothing that comes to the target arrives, and nothing that it sends leaves, or one of both; clients of the ports that it publishes are cut off as well. " +
			"Within itself (loopback) it still speaks. Nobody is told: connections freeze.",
		Method:  cutMethod,
		Class:   NetworkCut,
		Proof:   "another agent beside the target has no answer to fresh connections from any replica, the rules have dropped packets, and the target's readiness check from outside is not answered",
		Undone:  cutUndone,
		Example: "{action: blackhole, target: {component: catalog, mode: one}, at: 0s, duration: 10s}",
		Params:  []Param{peers(everybody, "whose packets are lost"), way()},
		bind: func(b Binding) (harness.Fault, error) {
			return partitioned("blackhole", b, directed(b.Values))
		},
	}
}
