package loopback

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ErrNotAllowed is wrapped by every refusal of a Guard.
var ErrNotAllowed = errors.New("traffic to this host is not allowed")

// Guard lets traffic through to loopback addresses and to the hosts that were
// allowed by name. The zero value allows loopback only. A Guard is immutable
// and may be used concurrently.
type Guard struct {
	allow []string
	// trust holds the authorities of certificates; nil for the machine's own.
	trust *x509.CertPool
}

// Allowing returns a Guard that lets traffic through to hosts too. A host is
// a name or an IP address without a port, compared without regard to case.
func Allowing(hosts ...string) Guard {
	allow := make([]string, 0, len(hosts))
	for _, h := range hosts {
		allow = append(allow, strings.ToLower(h))
	}
	return Guard{allow: allow}
}

// Trusting returns the guard with transports that trust these authorities and
// no others; nil is for those that the machine trusts.
func (g Guard) Trusting(authorities *x509.CertPool) Guard {
	g.trust = authorities
	return g
}

// TLS is what a client of the guard needs for TLS. The caller owns it.
func (g Guard) TLS() *tls.Config { return &tls.Config{RootCAs: g.trust} }

// Check returns nil when raw is an http or https URL that the guard lets
// through. It does not resolve names: "localhost" is let through here and held
// to its word by DialContext.
func (g Guard) Check(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return fmt.Errorf("parse URL %q: %w", raw, err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("check URL %q: scheme is %q; want http or https", raw, u.Scheme)
	}
	if u.Hostname() == "" {
		return fmt.Errorf("check URL %q: no host; want http://127.0.0.1:PORT", raw)
	}
	return g.checkHost(u.Hostname())
}

// DialContext dials addr if the guard lets it through. An address that is not
// allowed by name must resolve to a loopback address.
func (g Guard) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("dial %q: %w", addr, err)
	}
	if err := g.checkHost(host); err != nil {
		return nil, err
	}
	return g.dialer(host).DialContext(ctx, network, addr)
}

// dialer holds a host that was not allowed by name to a loopback address once
// its name is resolved.
func (g Guard) dialer(host string) *net.Dialer {
	d := &net.Dialer{KeepAlive: 15 * time.Second}
	if !g.named(host) {
		d.Control = onlyLoopback
	}
	return d
}

// Transport returns a new HTTP transport of the guard. It uses no proxy, asks
// for no compression and keeps up to conns idle connections per host; with
// conns = 0 every request opens a connection of its own and closes it. The
// caller owns it and closes its idle connections.
func (g Guard) Transport(conns int) *http.Transport {
	return &http.Transport{
		DialContext:         g.DialContext,
		TLSClientConfig:     g.TLS(),
		DisableCompression:  true,
		DisableKeepAlives:   conns == 0,
		MaxIdleConnsPerHost: conns,
		IdleConnTimeout:     15 * time.Second,
	}
}

func (g Guard) checkHost(host string) error {
	if g.named(host) || strings.EqualFold(host, "localhost") {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("send to %q: %w: want a loopback address such as 127.0.0.1, or allow the host explicitly", host, ErrNotAllowed)
}

func (g Guard) named(host string) bool {
	return slices.Contains(g.allow, strings.ToLower(host))
}

// onlyLoopback refuses a connection to a resolved address off this machine.
func onlyLoopback(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("dial %q: %w", address, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("dial %q: %w: the name does not resolve to a loopback address", address, ErrNotAllowed)
	}
	return nil
}
