package fault

import (
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/netcut"
)

func flap() Kind {
	return Kind{
		Action:  "flap",
		Summary: "cut a replica from its peers again and again",
		Explain: "A partition that comes and goes: in each period packets do not pass for a share of it. Whatever waits for a network to settle does so in vain.",
		Method:  cutMethod + "; it makes and removes them by its own clock",
		Class:   NetworkCut,
		Proof:   "in one of the cuts another agent beside the target has no answer to fresh connections from any peer, and the rule of each peer has dropped packets",
		Undone:  cutUndone,
		Example: "{action: flap, target: {component: catalog, mode: one}, peers: etcd, period: 2s, share: 50%, at: 0s, duration: 20s}",
		Params: []Param{
			peers("", "from whom the targets are cut"), way(),
			span("period", 2*time.Second, time.Second, netcut.MostPeriod, "from the beginning of one cut to that of the next"),
			percentage("share", 50, 90, "how much of each period packets do not pass"),
			number("seed", 0, 0, 1<<30, "0 cuts at the beginning of each period; any other number draws when in the period, the same for the same number"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			config := directed(b.Values)
			config.Flap = netcut.Flap{Period: b.Values.Duration("period"), Share: b.Values.Fraction("share"), Seed: uint64(b.Values.Count("seed"))}
			return partitioned("flap", b, config)
		},
	}
}
