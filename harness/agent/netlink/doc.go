// Package netlink speaks to the kernel in raw netlink messages: what an effect
// on packets needs of nftables, packet queues and traffic control, and no more.
// Rules and queues belong to the connection that made them, which is why the
// connection is in the hands of the effect.
package netlink
