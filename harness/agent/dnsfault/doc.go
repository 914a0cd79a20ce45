// Package dnsfault answers the DNS queries of a container in place of its
// resolver: with an error, not at all, or with another address. Queries to the
// name servers of resolv.conf are redirected to it; those for other names it
// passes on, over sockets that are not redirected.
package dnsfault
