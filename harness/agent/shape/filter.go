package shape

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Filter says which of the packets that come in are shaped. Its zero value is
// all but those of the loopback interface.
type Filter struct {
	// Peers are the IPv4 addresses that the packets come from; none is
	// everybody outside the namespace.
	Peers []netip.Addr
	// Protocol is tcp, udp, icmp or empty.
	Protocol string
	// Port is that of either end, of tcp and udp; 0 is any.
	Port uint16
}

// Protocols are what a filter can name, and their numbers.
func Protocols() map[string]byte { return map[string]byte{"icmp": 1, "tcp": 6, "udp": 17} }

// Args writes the filter as arguments of an agent's effect.
func (f Filter) Args() map[string]string {
	var peers []string
	for _, p := range f.Peers {
		peers = append(peers, p.String())
	}
	return map[string]string{"peers": strings.Join(peers, ","), "protocol": f.Protocol, "port": strconv.Itoa(int(f.Port))}
}

// ParseFilter reads what Args wrote.
func ParseFilter(args map[string]string) (Filter, error) {
	f := Filter{Protocol: args["protocol"]}
	if _, ok := Protocols()[f.Protocol]; !ok && f.Protocol != "" {
		return f, fmt.Errorf("argument \"protocol\": want icmp, tcp, udp or nothing, saw %q", f.Protocol)
	}
	for _, text := range strings.FieldsFunc(args["peers"], func(r rune) bool { return r == ',' }) {
		addr, err := netip.ParseAddr(text)
		if err != nil || !addr.Is4() {
			return f, fmt.Errorf("argument \"peers\": want IPv4 addresses, saw %q", text)
		}
		f.Peers = append(f.Peers, addr)
	}
	if text := args["port"]; text != "" {
		port, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return f, fmt.Errorf("argument \"port\": want a port, saw %q", text)
		}
		f.Port = uint16(port)
	}
	if f.Port != 0 && f.Protocol == "icmp" {
		return f, errors.New("argument \"port\": icmp has no ports")
	}
	return f, nil
}

// Condition is what a packet must be, all of it.
type Condition struct {
	Peer     netip.Addr // zero: anything but loopback
	Protocol byte       // 0: any
	Port     uint16     // 0: any
	// Source tells that it is the sender's port.
	Source bool
}

// Conditions are the filter as a list of which one has to hold.
func (f Filter) Conditions() []Condition {
	peers, kinds := f.Peers, []byte{Protocols()[f.Protocol]}
	if len(peers) == 0 {
		peers = []netip.Addr{{}}
	}
	if f.Port != 0 && f.Protocol == "" {
		kinds = []byte{Protocols()["tcp"], Protocols()["udp"]}
	}
	var all []Condition
	for _, peer := range peers {
		for _, kind := range kinds {
			c := Condition{Peer: peer, Protocol: kind, Port: f.Port}
			all = append(all, c)
			if f.Port != 0 {
				c.Source = true
				all = append(all, c)
			}
		}
	}
	return slices.Clip(all)
}
