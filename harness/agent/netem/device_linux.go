package netem

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

// Handles and attributes of traffic control, of linux/pkt_sched.h,
// linux/pkt_cls.h and linux/tc_act/tc_mirred.h.
const (
	root          = 0xffffffff
	ingress       = 0xfffffff1
	ingressHandle = 0xffff0000
	handle        = 0x00010000

	kindAttr, optionsAttr  = 1, 2
	stats2                 = 7
	statsBasic, statsQueue = 1, 3

	u32Selector, u32Action    = 5, 7
	actionKind, actionOptions = 1, 2
	mirredParms               = 2
	stolen, redirect          = 4, 1
	etherIPv4                 = 0x0800
)

// traffic is a message of traffic control about one device.
func traffic(kind uint16, flags uint16, device int, handle, parent, info uint32, parts ...[]byte) netlink.Message {
	body := make([]byte, 4) // family
	for _, v := range []uint32{uint32(device), handle, parent, info} {
		body = binary.NativeEndian.AppendUint32(body, v)
	}
	return netlink.Message{Type: kind, Flags: flags | unix.NLM_F_ACK, Body: slices.Concat(append([][]byte{body}, parts...)...)}
}

const create = unix.NLM_F_CREATE | unix.NLM_F_EXCL

// newQdisc puts a qdisc at the root of a device.
func newQdisc(device int, kind string, options []byte) netlink.Message {
	return traffic(unix.RTM_NEWQDISC, create, device, handle, root, 0, netlink.Text(kindAttr, kind), netlink.Attr(optionsAttr, options))
}

// listen makes a place for filters on what a device receives.
func listen(device int) netlink.Message {
	return traffic(unix.RTM_NEWQDISC, create, device, ingressHandle, ingress, 0, netlink.Text(kindAttr, "ingress"))
}

// unlisten removes it, with the filters.
func unlisten(device int) netlink.Message {
	return traffic(unix.RTM_DELQDISC, 0, device, ingressHandle, ingress, 0)
}

// lead sends what a device receives and the condition names to another device.
func lead(device, to int, priority uint32, c shape.Condition) netlink.Message {
	var parms []byte
	for _, v := range []uint32{0, 0, stolen, 0, 0, redirect, uint32(to)} { // index, capab, action, refcnt, bindcnt, eaction, ifindex
		parms = binary.NativeEndian.AppendUint32(parms, v)
	}
	protocol := uint32(binary.NativeEndian.Uint16(binary.BigEndian.AppendUint16(nil, etherIPv4)))
	return traffic(unix.RTM_NEWTFILTER, create, device, 0, ingressHandle, priority<<16|protocol,
		netlink.Text(kindAttr, "u32"),
		netlink.Nest(optionsAttr,
			netlink.Nest(u32Action, netlink.Nest(1,
				netlink.Text(actionKind, "mirred"),
				netlink.Nest(actionOptions, netlink.Attr(mirredParms, parms)))),
			netlink.Attr(u32Selector, selector(keys(c)))))
}

// link is a message about a device by its name.
func link(kind, flags uint16, up uint32, name string, parts ...[]byte) netlink.Message {
	body := make([]byte, unix.SizeofIfInfomsg)
	binary.NativeEndian.PutUint32(body[8:], up)
	binary.NativeEndian.PutUint32(body[12:], up)
	return netlink.Message{Type: kind, Flags: flags | unix.NLM_F_ACK, Body: slices.Concat(append([][]byte{body, netlink.Text(unix.IFLA_IFNAME, name)}, parts...)...)}
}

// newDevice makes an intermediate device that is up.
func newDevice(c *netlink.Conn, name string) (index int, err error) {
	if err := c.Do(link(unix.RTM_NEWLINK, create, unix.IFF_UP, name, netlink.Nest(unix.IFLA_LINKINFO, netlink.Text(unix.IFLA_INFO_KIND, "ifb")))); err != nil {
		return 0, fmt.Errorf("make the device %q: %w", name, err)
	}
	made, err := net.InterfaceByName(name)
	if err != nil {
		return 0, fmt.Errorf("find the device %q: %w", name, err)
	}
	return made.Index, nil
}

// removeDevice removes it, and what is on it. One that is not there is removed.
func removeDevice(c *netlink.Conn, name string) error {
	err := c.Do(link(unix.RTM_DELLINK, 0, 0, name))
	if err == nil || errors.Is(err, unix.ENODEV) {
		return nil
	}
	return fmt.Errorf("remove the device %q: %w", name, err)
}

// outer are the indexes of the namespace's devices that are up, but for
// loopback and those that are ours.
func outer() (indexes []int, err error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	for _, d := range all {
		if d.Flags&net.FlagUp != 0 && d.Flags&net.FlagLoopback == 0 && !ours(d.Name) {
			indexes = append(indexes, d.Index)
		}
	}
	return indexes, nil
}

// known reports whether the kernel has sch_netem. It asks for one without
// options on loopback, which netem refuses as invalid and a kernel without it
// as unknown; neither changes anything.
func known(c *netlink.Conn) (bool, error) {
	const loopback = 1
	err := c.Do(traffic(unix.RTM_NEWQDISC, create, loopback, handle, root, 0, netlink.Text(kindAttr, "netem")))
	switch {
	case errors.Is(err, unix.EINVAL):
		return true, nil
	case errors.Is(err, unix.ENOENT), errors.Is(err, unix.EOPNOTSUPP):
		return false, nil
	case err == nil: // an answer that no version gives
		return false, c.Do(traffic(unix.RTM_DELQDISC, 0, loopback, handle, root, 0))
	}
	return false, fmt.Errorf("ask the kernel for netem: %w", err)
}

// counts are packets that a qdisc of ours has let through and dropped; false
// when there is none on the device.
func counts(c *netlink.Conn, device int, kind string) (passed, dropped int64, found bool, err error) {
	const head = 20
	err = c.Ask(traffic(unix.RTM_GETQDISC, unix.NLM_F_DUMP, 0, 0, 0, 0), func(body []byte) error {
		if len(body) < head || int(binary.NativeEndian.Uint32(body[4:])) != device || string(netlink.Find(body[head:], kindAttr)) != kind+"\x00" {
			return nil
		}
		found = true
		if b := netlink.Find(body[head:], stats2, statsBasic); len(b) >= 12 {
			passed = int64(binary.NativeEndian.Uint32(b[8:]))
		}
		if q := netlink.Find(body[head:], stats2, statsQueue); len(q) >= 12 {
			dropped = int64(binary.NativeEndian.Uint32(q[8:]))
		}
		return nil
	})
	return passed, dropped, found, err
}
