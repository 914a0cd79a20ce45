package fault

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netcut"
)

// Connected is a target of which the addresses on its networks are known.
type Connected interface {
	Host
	// Addresses are those that the target has now; none while it does not run.
	Addresses(ctx context.Context) ([]netip.Addr, error)
}

// dialPatience is how long a witness waits for an answer. Where packets pass,
// an answer takes a fraction of a millisecond.
const dialPatience = 250 * time.Millisecond

// cut is what the faults have in common that keep packets from passing.
type cut struct {
	action string
	// peers are cut from the targets; nil cuts off everybody, and others are
	// those of whom it is seen. spared are left alone then.
	peers, others, spared func(t Target) []Target
	config                netcut.Config
	// outside is true where nobody from outside reaches a target.
	outside bool
}

// bind makes the fault.
func (c cut) bind(b Binding) (harness.Fault, error) {
	h, err := c.hold(b)
	if err != nil {
		return nil, err
	}
	return h.bind(b)
}

// hold is what the agents hold.
func (c cut) hold(b Binding) (hold, error) {
	if _, err := able[Connected](c.action, b.Targets); err != nil {
		return hold{}, err
	}
	dialled := c.others
	if c.peers != nil {
		dialled = c.peers
	}
	for _, t := range b.Targets {
		if c.peers != nil && len(c.peers(t)) == 0 {
			return hold{}, fmt.Errorf("%s %q: no peer; a fault that matches nothing is an error", c.action, t.Name())
		}
	}
	return hold{
		action: c.action, capabilities: []string{"NET_ADMIN"}, shares: []string{"net"},
		spec: c.spec, effective: c.effective,
		witness: &witness{
			capabilities: []string{"NET_ADMIN"},
			post: func(ctx context.Context, t Host) (Host, *agent.Spec, error) {
				to, err := addresses(ctx, dialled(t))
				if err != nil || len(to) == 0 {
					return nil, nil, err
				}
				return t, dialSpec(to, netcut.AnyPort), nil
			},
			whole: func(s agent.Seen) (bool, string) {
				return s.Counters["silent"] == 0 && s.Counters["tables"] == 0, sight(s)
			},
			broken: func(s agent.Seen) (bool, string) {
				return s.Counters["connected"]+s.Counters["refused"] == 0, sight(s)
			},
		},
	}, nil
}

// spec is what the agent beside a target does.
func (c cut) spec(ctx context.Context, t Host) (agent.Spec, error) {
	config := c.config
	var err error
	if c.peers != nil {
		config.Peers, err = addresses(ctx, c.peers(t))
		if err == nil && len(config.Peers) == 0 {
			err = fmt.Errorf("want a peer that runs, saw none of %s running", namesOf(c.peers(t)))
		}
	}
	if err == nil && c.spared != nil {
		config.Except, err = addresses(ctx, c.spared(t))
	}
	return agent.Spec{Effect: netcut.Effect, Args: config.Args()}, err
}

// effective reports whether the kernel kept packets of every peer, and, where
// that is so, that nobody from outside has an answer.
func (c cut) effective(ctx context.Context, t Host, seen agent.Seen) (bool, string) {
	kept := map[string]int64{}
	for name, packets := range seen.Counters {
		way, peer, _ := strings.Cut(name, " ")
		if way == "in" || way == "out" {
			kept[peer] += packets
		}
	}
	for peer, packets := range kept {
		if packets == 0 {
			return false, fmt.Sprintf("no packet was kept: %q: %s", peer, seen.Detail)
		}
	}
	if !c.outside {
		return len(kept) > 0, seen.Detail
	}
	g := look(ctx, t.Status, t.Ready, effectPatience)
	return len(kept) > 0 && g.err == nil && g.unready != nil, g.String()
}

// dialSpec is what a witness does that dials addresses.
func dialSpec(to []netip.Addr, port uint16) *agent.Spec {
	dial := make([]netip.AddrPort, len(to))
	for i, a := range to {
		dial[i] = netip.AddrPortFrom(a, port)
	}
	return &agent.Spec{Effect: netcut.Witness, Args: netcut.WitnessArgs(dial, dialPatience)}
}

// sight is what a witness saw, in words.
func sight(s agent.Seen) string {
	return fmt.Sprintf("%d answers, %d connections, %d silent, %d tables of rules (%s)",
		s.Counters["refused"], s.Counters["connected"], s.Counters["silent"], s.Counters["tables"], s.Detail)
}

// peer is what a target can be cut from: all that matters is where it is.
type peer interface {
	Addresses(ctx context.Context) ([]netip.Addr, error)
}

// addresses are those of all that run.
func addresses(ctx context.Context, targets []Target) (all []netip.Addr, err error) {
	for _, t := range targets {
		c, ok := t.(peer)
		if !ok {
			return nil, fmt.Errorf("want a peer whose addresses are known, saw %q, a %T", t.Name(), t)
		}
		its, err := c.Addresses(ctx)
		if err != nil {
			return nil, fmt.Errorf("addresses of %q: %w", t.Name(), err)
		}
		all = append(all, its...)
	}
	slices.SortFunc(all, netip.Addr.Compare)
	return slices.Compact(all), nil
}
