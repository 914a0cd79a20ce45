package fault

import (
	"context"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/bandwidth"
)

func bandwidthLimit() Kind {
	return Kind{
		Action:  "bandwidth",
		Summary: "hold a replica's network to a rate",
		Explain: "Each target sends, receives, or both, no more than the rate; what comes faster waits for a twentieth of a second's worth, and is lost beyond that. " +
			"The rate counts packets with their headers, so that what an application gets is some percent less.",
		Method:  "an agent in the target's network namespace puts a token bucket at each interface; what comes in goes through an intermediate interface that has one",
		Class:   NetworkShape,
		Proof:   "another agent beside the target sees token buckets with the rate in the kernel, and the kernel counts packets that passed them",
		Undone:  "another agent beside the target sees no bucket and no intermediate interface any more; the target runs and is ready",
		Example: "{action: bandwidth, target: {component: catalog, mode: one}, rate: 1Mbit, direction: out, at: 0s, duration: 10s}",
		Params: []Param{
			bitRate("rate", "1Mbit", "10Mbit", "how much passes"),
			word("direction", "both", "what is held to the rate, as the target sees it: in is what comes to it", "both", "in", "out"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			config := bandwidth.Config{Rate: b.Values.BitRate("rate"), In: b.Values["direction"] != "out", Out: b.Values["direction"] != "in"}
			return hold{
				action: "bandwidth", capabilities: []string{"NET_ADMIN"}, shares: []string{"net"}, byHand: bandwidthByHand,
				spec: func(context.Context, Host) (agent.Spec, error) {
					return agent.Spec{Effect: bandwidth.Effect, Args: config.Args()}, nil
				},
				effective: func(ctx context.Context, t Host, seen agent.Seen) (bool, string) {
					if seen.Counters["packets"] > 0 {
						return true, seen.Detail
					}
					g := look(ctx, t.Status, t.Ready, effectPatience) // a reason for packets
					return false, seen.Detail + "; " + g.String()
				},
				witness: &witness{
					capabilities: []string{"NET_ADMIN"},
					post: func(_ context.Context, t Host) (Host, *agent.Spec, error) {
						return t, &agent.Spec{Effect: bandwidth.Look, Args: config.Args()}, nil
					},
					whole:  func(s agent.Seen) (bool, string) { return s.Counters["left"] == 0, s.Detail },
					broken: func(s agent.Seen) (bool, string) { return s.Active, s.Detail },
				},
			}.bind(b)
		},
	}
}
