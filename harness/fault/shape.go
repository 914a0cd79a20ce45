package fault

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net/netip"
	"slices"
	"strconv"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/netshape"
	"github.com/fournines/fournines/harness/agent/shape"
)

// What the faults that change packets say of themselves.
const (
	shapeMethod = "an agent in the network namespace where the packets arrive takes them from a queue of the kernel (NFQUEUE) and decides about each; " +
		"where the kernel has sch_netem, that does it on the interface. Which one it was is in the evidence. IPv4 only"
	shapeUndone = "a fresh agent finds no rule, a probe from another container sees the path as before, the target runs and is ready"
	shapeScope  = " Direction in is what comes to the target, out what it sends to other replicas, which is shaped where it arrives: packets held on their way out would stop their sender. " +
		"The fault must be seen by TCP, or for protocol udp by its counters. An agent that is killed takes its rules with it and packets pass at once; " +
		"one that is stopped holds what comes until its queue of 8192 packets is full, and everything passes from then on: what passed untouched is counted and makes the trial invalid."
)

// shaping is what the faults have in common that change packets.
type shaping struct {
	action string
	plan   shape.Plan
	filter shape.Filter
	in     bool
	out    bool
	seed   uint64
	// peers are those whose packets are changed; nil is everybody.
	peers, others func(Target) []Target
	targets       []Connected
	// sees reports whether the packets are changed: before is what a probe saw
	// of the path before, now what it sees, and kernel what the kernel shows.
	sees func(s *shaping, before, now glance, kernel map[string]int64) (bool, string)
	// normal reports whether a probe sees the path as it was before.
	normal func(s *shaping, before, now glance) bool
}

// shaped makes the fault from the values that all of them have and a plan.
func shaped(action string, b Binding, plan shape.Plan, sees func(*shaping, glance, glance, map[string]int64) (bool, string), normal func(*shaping, glance, glance) bool) (harness.Fault, error) {
	if err := plan.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	targets, err := able[Connected](action, b.Targets)
	if err != nil {
		return nil, err
	}
	from, err := peersNamed(b, b.Values["peers"])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", action, err)
	}
	s := &shaping{
		action: action, plan: plan, seed: b.Seed, targets: targets, peers: from, others: othersOf(b), sees: sees, normal: normal,
		in: b.Values["direction"] != "out", out: b.Values["direction"] != "in",
	}
	s.filter.Port = uint16(b.Values.Count("port"))
	if protocol := b.Values["protocol"]; protocol != everybody {
		s.filter.Protocol = protocol
	}
	return s.bind(b)
}

// bind places the agents: beside the targets for what comes in, beside their
// peers for what goes out.
func (s *shaping) bind(b Binding) (harness.Fault, error) {
	h := hold{
		action: s.action, capabilities: []string{"NET_ADMIN"}, shares: []string{"net"}, byHand: shapeByHand,
		spec: s.spec, proof: s.proof, account: account,
	}
	for _, t := range s.targets {
		if len(s.from(t)) == 0 {
			return nil, fmt.Errorf("%s %q: no peer; a fault that matches nothing is an error", s.action, t.Name())
		}
		if s.in {
			h.beside = append(h.beside, t)
		}
	}
	if s.out {
		for _, r := range s.receivers() {
			host, ok := r.(Connected)
			if !ok {
				return nil, fmt.Errorf("%s: want a peer beside which an agent can run, saw %q, a %T", s.action, r.Name(), r)
			}
			h.beside = append(h.beside, receiver{host})
		}
	}
	return h.bind(b)
}

// receiver is a peer where packets of the targets arrive.
type receiver struct{ Connected }

// from are the peers of a target.
func (s *shaping) from(t Target) []Target {
	if s.peers == nil {
		return s.others(t)
	}
	return s.peers(t)
}

// receivers are the peers of all targets.
func (s *shaping) receivers() (all []Target) {
	for _, t := range s.targets {
		for _, p := range s.from(t) {
			if !slices.ContainsFunc(all, func(a Target) bool { return a.Name() == p.Name() }) {
				all = append(all, p)
			}
		}
	}
	return all
}

// spec is what one agent does. Its random numbers are its own.
func (s *shaping) spec(ctx context.Context, t Host) (agent.Spec, error) {
	filter, plan, number := s.filter, s.plan, s.number()
	var err error
	if _, receives := t.(receiver); receives {
		number++
		var targets []Target
		for _, target := range s.targets {
			if target.Name() != t.Name() {
				targets = append(targets, target)
			}
		}
		filter.Peers, err = ipv4Of(ctx, targets)
	} else if s.peers != nil {
		filter.Peers, err = ipv4Of(ctx, s.peers(t))
	}
	if err != nil {
		return agent.Spec{}, err
	}
	name := fnv.New64a()
	fmt.Fprintf(name, "%s %d", t.Name(), number)
	plan.Seed = s.seed ^ name.Sum64()
	args := plan.Args()
	for key, value := range filter.Args() {
		args[key] = value
	}
	args["number"] = fmt.Sprint(number)
	return agent.Spec{Effect: netshape.Effect, Args: args}, nil
}

// number tells the queue and the table of this fault from those of others in
// the same namespace.
func (s *shaping) number() uint64 {
	name := fnv.New64a()
	fmt.Fprintf(name, "%s %d", s.action, s.seed)
	for _, t := range s.targets {
		fmt.Fprintf(name, " %s", t.ID())
	}
	return 1024 + name.Sum64()%30000*2
}

// ipv4Of are the IPv4 addresses of all that run; none is an error.
func ipv4Of(ctx context.Context, of []Target) ([]netip.Addr, error) {
	all, err := addresses(ctx, of)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(a netip.Addr) bool { return !a.Is4() })
	if len(all) == 0 {
		return nil, fmt.Errorf("want an IPv4 address of %s, saw none", namesOf(of))
	}
	return all, nil
}

// account says by what means packets were changed and what came of it; those
// that passed untouched are a shortfall.
func account(t Host, before map[string]string, seen agent.Seen) (did, shortfall string) {
	c := seen.Counters
	did = fmt.Sprintf("%s beside %q: %d packets queued, %d decided about", before["way"], t.Name(), c["queued"], c["decided"])
	for _, what := range []string{"lost", "doubled", "corrupted", "overtaken"} {
		if c[what] > 0 {
			did += fmt.Sprintf(", %d %s", c[what], what)
		}
	}
	if passed := c["passed undecided"]; passed > 0 {
		shortfall = fmt.Sprintf("beside %q %d of %d packets passed untouched because the queue was full or nobody read it", t.Name(), passed, passed+c["decided"]+c["lost"])
	}
	return did, shortfall
}

// shapeParams are those that all faults have that change packets.
func shapeParams(own ...Param) []Param {
	return append(own,
		peers(everybody, "whose packets are changed"),
		word("direction", "in", "which packets are changed, as the target sees them: in is what comes to it", "in", "out", "both"),
		word("protocol", everybody, "packets of which protocol are changed", everybody, "tcp", "udp"),
		free("port", "", "8080", "a whole number from 1 to 65535", "packets to or from this port alone; any when it is not given", func(value string) error {
			if n, err := strconv.ParseUint(value, 10, 16); value != "" && (err != nil || n == 0) {
				return errors.New("want a port")
			}
			return nil
		}))
}
