// Package netcut is the effect "net-cut": it keeps packets between the network
// namespace that the agent is in and some peers from passing, by rules of
// nftables. The table of the rules is owned by the agent's netlink socket: the
// kernel removes it when that closes, also when the agent is killed.
//
// "net-witness" is the other agent that looks on: it applies nothing, tries
// fresh connections and says which tables of net-cut the kernel has.
package netcut
