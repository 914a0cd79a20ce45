package process

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
)

// OwnAddress is the host:port under which others reach the listener: its own
// host if it is bound to one, else this machine's address on the way to the
// registry, so that a program with several networks registers the right one,
// or any of its addresses while the registry has none. No packet is sent
// except to look up the registry's members.
func OwnAddress(ctx context.Context, listener net.Addr, registry string) (string, error) {
	bound, err := netip.ParseAddrPort(listener.String())
	if err != nil {
		return "", fmt.Errorf("find own address: listener %q: %w", listener, err)
	}
	if !bound.Addr().IsUnspecified() {
		return bound.String(), nil
	}
	_, hosts, _ := strings.Cut(registry, "://")
	hosts, _, _ = strings.Cut(hosts, "/")
	var last error
	for host := range strings.SplitSeq(hosts, ",") {
		conn, err := new(net.Dialer).DialContext(ctx, "udp", host)
		if err != nil {
			last = err
			continue
		}
		own := conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
		conn.Close()
		return netip.AddrPortFrom(own, bound.Port()).String(), nil
	}
	own, err := anyOwn()
	if err != nil {
		return "", fmt.Errorf("find own address on the way to registry %q: %w; use --advertise", registry, errors.Join(last, err))
	}
	return netip.AddrPortFrom(own, bound.Port()).String(), nil
}

// anyOwn is the first address of this machine that others can reach, for when
// no member of the registry has one.
func anyOwn() (netip.Addr, error) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return netip.Addr{}, err
	}
	for _, a := range all {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().IsGlobalUnicast() {
			return p.Addr(), nil
		}
	}
	return netip.Addr{}, errors.New("this machine has no address that others can reach")
}
