package netcut

import (
	"net/netip"

	"github.com/fournines/fournines/harness/agent/nft"
)

// Table is the name of the rules' table: a namespace can have one cut.
const Table = "fournines-net-cut"

// chains are the rules: one chain for each direction that is cut. The names of
// the rules that keep packets begin with the direction's; a peer's address
// follows.
func (c Config) chains() (all []nft.Chain) {
	if c.In {
		all = append(all, c.chain("in", nft.Input, nft.NotLoopback(), nft.From))
	}
	if c.Out {
		all = append(all, c.chain("out", nft.Output, nft.NotToLoopback(), nft.To))
	}
	return all
}

func (c Config) chain(name string, hook nft.Hook, outside nft.Match, with func(netip.Prefix) nft.Match) nft.Chain {
	chain := nft.Chain{Name: name, Type: nft.Filter, Hook: hook, Priority: nft.FilterNormal}
	for _, a := range c.Except {
		chain.Rules = append(chain.Rules, nft.Rule{Name: "except", Match: []nft.Match{with(alone(a))}, Do: nft.Accept()})
	}
	do := nft.Drop()
	if c.Reset {
		do = nft.Reset()
	}
	match := append([]nft.Match{outside}, c.ports(hook == nft.Input)...)
	for _, a := range c.Peers {
		chain.Rules = append(chain.Rules, nft.Rule{Name: name + " " + a.String(), Match: append([]nft.Match{with(alone(a))}, match...), Do: do})
	}
	if c.Peers == nil {
		chain.Rules = append(chain.Rules, nft.Rule{Name: name, Match: match, Do: do})
	}
	return chain
}

// alone is the prefix of one address.
func alone(a netip.Addr) netip.Prefix { return netip.PrefixFrom(a, a.BitLen()) }

// ports are the conditions on protocol and ports, where there are any. What
// comes in has the own port as its destination.
func (c Config) ports(in bool) (all []nft.Match) {
	to, from, any := nft.ToTCP, nft.FromTCP, nft.TCP
	switch c.Protocol {
	case "":
		return nil
	case "udp":
		to, from, any = nft.ToUDP, nft.FromUDP, nft.UDP
	}
	own, others := to, from
	if !in {
		own, others = from, to
	}
	if c.Port != 0 {
		all = append(all, own(c.Port))
	}
	if c.PeerPort != 0 {
		all = append(all, others(c.PeerPort))
	}
	if len(all) == 0 {
		all = append(all, any())
	}
	return all
}
