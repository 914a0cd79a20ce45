// Package loopback is the rule that fournines' own traffic (load, probes,
// polls) goes to this machine or to a host that the user named, and nowhere
// else. The rule is checked twice: on the address as written, and on the IP
// address that is dialled, so that a name which resolves to another machine
// does not get around it.
package loopback
