package fault

import (
	"context"
	"fmt"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netcut"
)

func resetPeer() Kind {
	return Kind{
		Action:  "reset-peer",
		Summary: "answer every packet to a port with a reset",
		Explain: "New connections to the port of the target are refused, established ones reset as soon as the other end sends, or at once with kill: yes. " +
			"Whoever is hit knows at once, other than with a partition.",
		Method:  "an agent in the target's network namespace rejects the packets by rules of nftables, which the kernel removes when the agent ends",
		Class:   NetworkCut,
		Proof:   "an agent beside a peer is refused where it could connect before, and the rules have rejected packets",
		Undone:  "the agent beside the peer can connect again; the target runs and is ready",
		Example: "{action: reset-peer, target: {component: catalog, mode: one}, port: 8080, at: 0s, duration: 10s}",
		Params: []Param{
			number("port", 8080, 1, 65535, "the port inside the target"),
			peers(everybody, "whose packets are answered so"), killParam(),
		},
		bind: resetPeers,
	}
}

func resetPeers(b Binding) (harness.Fault, error) {
	from, err := peersNamed(b, b.Values["peers"])
	if err != nil {
		return nil, fmt.Errorf("reset-peer: %w", err)
	}
	if _, err := able[Connected]("reset-peer", b.Targets); err != nil {
		return nil, err
	}
	posts := from
	if posts == nil {
		posts = othersOf(b)
	}
	port := uint16(b.Values.Count("port"))
	c := cut{action: "reset-peer", peers: from, config: netcut.Config{In: true, Reset: true, Protocol: "tcp", Port: port, Kill: b.Values["kill"] == "yes"}}
	return hold{
		action: c.action, capabilities: []string{"NET_ADMIN"}, shares: []string{"net"},
		spec: c.spec,
		effective: func(_ context.Context, _ Host, seen agent.Seen) (bool, string) {
			return seen.Counters["in"] > 0, seen.Detail
		},
		witness: &witness{
			capabilities: []string{"NET_ADMIN"},
			post: func(ctx context.Context, t Host) (Host, *agent.Spec, error) {
				beside, err := somebodyOf(ctx, posts(t))
				if err != nil {
					return nil, nil, err
				}
				to, err := addresses(ctx, []Target{t})
				return beside, dialSpec(to, port), err
			},
			whole: func(s agent.Seen) (bool, string) {
				return s.Counters["connected"] > 0 && s.Counters["refused"]+s.Counters["silent"] == 0, sight(s)
			},
			broken: func(s agent.Seen) (bool, string) {
				return s.Counters["refused"] > 0 && s.Counters["connected"]+s.Counters["silent"] == 0, sight(s)
			},
		},
	}.bind(b)
}

// somebodyOf is the first that runs, beside whom a witness can stand.
func somebodyOf(ctx context.Context, targets []Target) (Host, error) {
	for _, t := range targets {
		h, ok := t.(Host)
		if !ok {
			continue
		}
		if status, err := h.Status(ctx); err == nil && status == running {
			return h, nil
		}
	}
	return nil, fmt.Errorf("want a peer that runs, for a witness beside it, saw none of %s", namesOf(targets))
}
