// Package netprobe looks at the path to an address from the network namespace
// that its process is in: it asks many times at once, and tells how long the
// answers took and how many did not come. It changes nothing and needs no
// capability.
//
// It asks by opening TCP connections. A port on which nobody listens answers
// too: its kernel refuses, which takes one packet there and one back. The
// kernel sends a lost first packet again after a second; an answer that comes
// within less is of the first one.
package netprobe
