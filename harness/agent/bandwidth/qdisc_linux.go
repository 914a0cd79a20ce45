package bandwidth

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// ours is the handle by which this package's token buckets are known.
var ours = netlink.MakeHandle(0x4e39, 0)

func detour(l netlink.Link) string { return DetourPrefix + strconv.Itoa(l.Attrs().Index) }

// outward are the interfaces that lead out of the namespace.
func outward() ([]netlink.Link, error) {
	all, err := netlink.LinkList()
	if err != nil {
		return nil, fmt.Errorf("list network interfaces: %w", err)
	}
	var links []netlink.Link
	for _, l := range all {
		a := l.Attrs()
		if a.Flags&net.FlagLoopback == 0 && a.Flags&net.FlagUp != 0 && !strings.HasPrefix(a.Name, DetourPrefix) {
			links = append(links, l)
		}
	}
	return links, nil
}

// state is what traffic control there is at an interface.
type state struct {
	root              string // kind of the root queueing discipline
	byKernel, ingress bool
}

func stateOf(l netlink.Link) (s state, err error) {
	all, err := netlink.QdiscList(l)
	if err != nil {
		return s, fmt.Errorf("list the queueing disciplines of %q: %w", l.Attrs().Name, err)
	}
	s = state{root: "noqueue", byKernel: true}
	for _, q := range all {
		switch a := q.Attrs(); {
		case a.Parent == netlink.HANDLE_ROOT:
			s.root, s.byKernel = q.Type(), a.Handle == 0
		case a.Parent == netlink.HANDLE_INGRESS:
			s.ingress = true
		}
	}
	return s, nil
}

// bucket holds what an interface sends to the rate.
func (c Config) bucket(l netlink.Link) error {
	return netlink.QdiscReplace(&netlink.Tbf{
		QdiscAttrs: netlink.QdiscAttrs{LinkIndex: l.Attrs().Index, Handle: ours, Parent: netlink.HANDLE_ROOT},
		Rate:       c.bytesPerSecond(), Limit: c.limit(), Buffer: uint32(netlink.Xmittime(c.bytesPerSecond(), c.burst())),
	})
}

// divert sends what comes in by an interface through another one, which holds
// it to the rate.
func (c Config) divert(l netlink.Link) error {
	attributes := netlink.NewLinkAttrs()
	attributes.Name = detour(l)
	if err := netlink.LinkAdd(&netlink.Ifb{LinkAttrs: attributes}); err != nil {
		return fmt.Errorf("add an interface of the kind ifb: %w", err)
	}
	d, err := netlink.LinkByName(detour(l))
	if err != nil {
		return err
	}
	if err := errors.Join(c.bucket(d), netlink.LinkSetUp(d)); err != nil {
		return err
	}
	if err := netlink.QdiscAdd(&netlink.Ingress{QdiscAttrs: netlink.QdiscAttrs{
		LinkIndex: l.Attrs().Index, Handle: netlink.MakeHandle(0xffff, 0), Parent: netlink.HANDLE_INGRESS,
	}}); err != nil {
		return fmt.Errorf("add a queueing discipline at the ingress: %w", err)
	}
	err = netlink.FilterAdd(&netlink.U32{ // without a selector it matches all; matchall is not in every kernel
		FilterAttrs: netlink.FilterAttrs{LinkIndex: l.Attrs().Index, Parent: netlink.MakeHandle(0xffff, 0), Priority: 1, Protocol: unix.ETH_P_ALL},
		Actions:     []netlink.Action{netlink.NewMirredAction(d.Attrs().Index)},
	})
	if err != nil {
		return fmt.Errorf("add a filter that sends packets on: %w", err)
	}
	return nil
}

// count adds what a token bucket of the rate met.
func (c Config) count(l netlink.Link, into map[string]int64) error {
	all, err := netlink.QdiscList(l)
	if err != nil {
		return fmt.Errorf("list the queueing disciplines of %q: %w", l.Attrs().Name, err)
	}
	for _, q := range all {
		t, ok := q.(*netlink.Tbf)
		if !ok || q.Attrs().Handle != ours || t.Rate != c.bytesPerSecond() {
			continue
		}
		into["buckets"]++
		if s := q.Attrs().Statistics; s != nil {
			into["packets"] += int64(s.Basic.Packets)
			into["bytes"] += int64(s.Basic.Bytes)
			into["overlimits"] += int64(s.Queue.Overlimits)
			into["drops"] += int64(s.Queue.Drops)
		}
	}
	return nil
}

// clear takes away what this package put at an interface; nothing happens when
// there is nothing.
func clear(l netlink.Link) error {
	all, err := netlink.QdiscList(l)
	if err != nil {
		return fmt.Errorf("list its queueing disciplines: %w", err)
	}
	d, missing := netlink.LinkByName(detour(l))
	for _, q := range all {
		// The ingress is ours when the detour is there: where it was taken
		// before, nothing was applied.
		mine := q.Attrs().Handle == ours && q.Attrs().Parent == netlink.HANDLE_ROOT || q.Attrs().Parent == netlink.HANDLE_INGRESS && missing == nil
		if !mine {
			continue
		}
		if err := netlink.QdiscDel(q); err != nil {
			return fmt.Errorf("remove queueing discipline %q: %w", q.Type(), err)
		}
	}
	if missing == nil {
		if err := netlink.LinkDel(d); err != nil {
			return fmt.Errorf("remove interface %q: %w", detour(l), err)
		}
	}
	return nil
}
