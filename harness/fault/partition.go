package fault

import (
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/netcut"
)

// What the faults that cut networks say of themselves.
const (
	cutMethod = "an agent in the target's network namespace drops the packets by rules of nftables, which the kernel removes when the agent ends"
	cutUndone = "the rules are gone, as another agent sees it, to which the peers answer; the target runs and is ready"
)

// way is the parameter for the direction of a cut.
func way() Param {
	return word("direction", "both", "which packets do not pass, as the target sees them: in is what comes to it", "both", "in", "out")
}

// directed is the configuration with the direction that the values say.
func directed(v Values) netcut.Config {
	return netcut.Config{In: v["direction"] != "out", Out: v["direction"] != "in", Kill: v["kill"] == "yes"}
}

func killParam() Param {
	return word("kill", "no", "whether established connections are ended at once, too; else they hang until somebody gives up", "no", "yes")
}

func partition() Kind {
	return Kind{
		Action:  "partition",
		Summary: "cut a replica from its peers",
		Explain: "Packets between each target and the peers do not pass, in both directions or in one. Established connections freeze: nobody is told. " +
			"With one direction a request may arrive and its answer not, which nobody can connect through either. Whoever is not named still reaches the target.",
		Method:  cutMethod,
		Class:   NetworkCut,
		Proof:   "another agent beside the target has no answer to fresh connections from any peer, and the rule of each peer has dropped packets",
		Undone:  cutUndone,
		Example: "{action: partition, target: {component: catalog, mode: one}, peers: etcd, at: 0s, duration: 10s}",
		Params:  []Param{peers("", "from whom the targets are cut"), way(), killParam()},
		bind: func(b Binding) (harness.Fault, error) {
			return partitioned("partition", b, directed(b.Values))
		},
	}
}

// partitioned cuts targets from the peers that the values name.
func partitioned(action string, b Binding, config netcut.Config) (harness.Fault, error) {
	from, err := peersNamed(b, b.Values["peers"])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	return cut{action: action, peers: from, others: othersOf(b), config: config, outside: from == nil}.bind(b)
}
