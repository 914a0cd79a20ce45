// Package httpfault delays, refuses or spoils answers of an HTTP service: it
// sends the connections to the service's port through a reverse proxy that is
// in the same network namespace. It speaks HTTP/1 without TLS.
//
// New connections go through the proxy. Connections from before are reset when
// the next request comes in on them, so that clients that keep connections are
// hit too; an answer that is under way comes through. At the end new
// connections go to the service at once, and those through the proxy are
// closed when they have nothing to do, or cut.
//
// The service sees the proxy's connections as coming from its own address.
package httpfault
