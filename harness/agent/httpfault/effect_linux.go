package httpfault

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/nft"
)

const (
	// table is the name of ours in the target's network namespace.
	table = "fournines-http"
	// mark is on what the proxy sends to the service.
	mark = 0x9999
	// knock bounds the look whether the service listens.
	knock = 2 * time.Second
)

type effect struct {
	spec  Spec
	proxy *proxy
	rules nft.Held
}

func newEffect(s Spec) *effect { return &effect{spec: s, rules: nft.Held{Name: table}} }

// chains send connections to the service's port to another one, and reset
// those that were there before: no new one comes by there.
func (e *effect) chains(to uint16) []nft.Chain {
	service := nft.ToTCP(e.spec.Port)
	return []nft.Chain{
		{Name: "in", Type: nft.NAT, Hook: nft.Prerouting, Priority: nft.NATDest - 10, Rules: []nft.Rule{
			{Name: "redirected", Match: []nft.Match{service, nft.ToLocal()}, Do: nft.Redirect(to)}}},
		{Name: "own", Type: nft.NAT, Hook: nft.Output, Priority: nft.NATDest - 10, Rules: []nft.Rule{
			{Name: "redirected", Match: []nft.Match{service, nft.ToLocal(), nft.WithoutMark(mark)}, Do: nft.Redirect(to)}}},
		{Name: "old", Type: nft.Filter, Hook: nft.Input, Priority: nft.FilterNormal - 10, Rules: []nft.Rule{
			{Name: "reset", Match: []nft.Match{service, nft.TCPPush(), nft.WithoutMark(mark)}, Do: nft.Reset()}}},
	}
}

// Before implements agent.Effect: it finds out at which address of this
// namespace the service listens.
func (e *effect) Before(ctx context.Context) (map[string]string, error) {
	if err := nft.Possible(table, e.chains(1)...); err != nil {
		return nil, err
	}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list the addresses of this namespace: %w", err)
	}
	var refused error
	service := ""
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err != nil || prefix.Addr().IsLinkLocalUnicast() {
			continue
		}
		to := netip.AddrPortFrom(prefix.Addr(), e.spec.Port)
		conn, err := (&net.Dialer{Timeout: knock}).DialContext(ctx, "tcp", to.String())
		if err != nil {
			refused = err
			continue
		}
		conn.Close()
		if service == "" || !to.Addr().IsLoopback() && to.Addr().Is4() {
			service = to.String()
		}
	}
	if service == "" {
		return nil, fmt.Errorf("want a service that listens on port %d: %w", e.spec.Port, refused)
	}
	return map[string]string{"service": service}, nil
}

// Apply implements agent.Effect.
func (e *effect) Apply(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", ":0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	e.proxy = newProxy(e.spec, e.original, (&net.Dialer{Timeout: 5 * time.Second, Control: nft.Marked(mark)}).DialContext)
	go func() { _ = e.proxy.server.Serve(listener) }() // it ends with an error that says it was closed
	if err := e.rules.Create(e.chains(uint16(port))...); err != nil {
		return errors.Join(err, e.Undo(ctx, nil))
	}
	return nil
}

// original is the address that a client of a redirected connection dialled.
func (e *effect) original(c net.Conn) string {
	fallback := net.JoinHostPort("127.0.0.1", strconv.Itoa(int(e.spec.Port)))
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return fallback
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return fallback
	}
	var to netip.AddrPort
	_ = raw.Control(func(fd uintptr) { to, err = originalDestination(int(fd)) })
	if err != nil || to.Port() != e.spec.Port { // somebody found the proxy's own port
		return fallback
	}
	return to.String()
}

// originalDestination asks connection tracking; SO_ORIGINAL_DST is the same
// number for both families.
func originalDestination(fd int) (netip.AddrPort, error) {
	const original = 80
	if v4, err := unix.GetsockoptIPv6Mreq(fd, unix.SOL_IP, original); err == nil {
		raw := v4.Multiaddr // a sockaddr_in: family, port, address
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(raw[4:8])), uint16(raw[2])<<8|uint16(raw[3])), nil
	}
	v6, err := unix.GetsockoptIPv6MTUInfo(fd, unix.SOL_IPV6, original)
	if err != nil {
		return netip.AddrPort{}, err
	}
	port := binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, v6.Addr.Port))
	return netip.AddrPortFrom(netip.AddrFrom16(v6.Addr.Addr), port), nil
}

// Seen implements agent.Effect: the table is asked for in the kernel.
func (e *effect) Seen(context.Context) (agent.Seen, error) {
	there, detail, counts, err := e.rules.Look()
	seen := agent.Seen{Active: there, Detail: detail}
	if err != nil || counts == nil || e.proxy == nil {
		return seen, err
	}
	seen.Counters = map[string]int64{
		"redirected": int64(counts["redirected"].Packets), "reset": int64(counts["reset"].Packets),
		"requests": e.proxy.requests.Load(), "hit": e.proxy.hits.Load(), "failed": e.proxy.failed.Load(),
	}
	seen.Detail = fmt.Sprintf("%d connections redirected, %d from before reset; %d of %d requests hit",
		counts["redirected"].Packets, counts["reset"].Packets, e.proxy.hits.Load(), e.proxy.requests.Load())
	return seen, nil
}

// Undo implements agent.Effect. A table that another agent made went with it.
func (e *effect) Undo(ctx context.Context, _ map[string]string) error {
	if err := e.rules.Remove(); err != nil || e.proxy == nil {
		return err
	}
	if err := e.proxy.close(ctx); err != nil {
		return fmt.Errorf("close the proxy: %w", err)
	}
	e.proxy = nil
	return nil
}
