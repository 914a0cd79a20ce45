// Package nft puts rules into the network namespace that the process is in.
// They are in a table that the kernel removes when the process ends, however
// that happens: the table belongs to the netlink socket that made it.
package nft

import (
	"errors"
	"fmt"
)

// ErrUnsupported means that this kernel, or the rights of this process, do not
// suffice for rules that vanish with the process.
var ErrUnsupported = fmt.Errorf("no nftables table that ends with its process is possible here: %w", errors.ErrUnsupported)

// Hooks at which a chain can look at packets.
const (
	Prerouting Hook = "prerouting"
	Input      Hook = "input"
	Output     Hook = "output"
)

// Types of chains.
const (
	Filter Type = "filter"
	// NAT sees the first packet of each connection only.
	NAT Type = "nat"
)

// Priorities that container engines use; a lower one comes first.
const (
	NATDest      = -100
	FilterNormal = 0
)

// Hook is where a chain looks at packets.
type Hook string

// Type is what a chain's rules may do.
type Type string

// Chain is a list of rules at one hook; a packet that none decides about goes on.
type Chain struct {
	Name     string
	Type     Type
	Hook     Hook
	Priority int
	Rules    []Rule
}

// Rule decides about the packets that match all of its conditions. Each rule
// counts its packets.
type Rule struct {
	// Name is for Counts; rules of one name are counted together.
	Name  string
	Match []Match
	Do    Verdict
}

// Count is what a rule has met.
type Count struct{ Packets, Bytes uint64 }
