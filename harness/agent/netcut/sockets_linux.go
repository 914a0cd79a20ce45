package netcut

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/netlink"
)

// Of sock_diag(7), which x/sys has no names for.
const (
	byFamily = 20
	destroy  = 21
	// requestSize and identitySize are those of struct inet_diag_req_v2 and of
	// struct inet_diag_sockid in it.
	requestSize, identitySize = 56, 48
	// notListening are all states of TCP but LISTEN.
	notListening = 0xfff &^ (1 << 10)
)

// kill ends the connections of TCP that the rules cut, as `ss -K` does: both
// ends see that at once, unless the cut keeps it from the other one.
func (c Config) kill() (err error) {
	conn, err := netlink.Dial(unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return fmt.Errorf("end connections: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		var found [][]byte
		request := netlink.Message{Type: byFamily, Flags: unix.NLM_F_DUMP, Body: diagRequest(family, notListening, nil)}
		err := conn.Ask(request, func(body []byte) error {
			found = append(found, slices.Clone(body))
			return nil
		})
		if err != nil {
			return fmt.Errorf("list connections: %w", err)
		}
		for _, socket := range found {
			if len(socket) < 4+identitySize || !c.cuts(socket) {
				continue
			}
			body := diagRequest(family, 1<<socket[1], socket[4:4+identitySize])
			err := conn.Do(netlink.Message{Type: destroy, Flags: unix.NLM_F_ACK, Body: body})
			if err != nil && !errors.Is(err, unix.ENOENT) { // it ended by itself
				return fmt.Errorf("end a connection (it takes NET_ADMIN and a kernel with INET_DIAG_DESTROY): %w", err)
			}
		}
	}
	return nil
}

// diagRequest asks for sockets of TCP in the states.
func diagRequest(family byte, states uint32, identity []byte) []byte {
	body := make([]byte, requestSize)
	body[0], body[1] = family, unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(body[4:], states)
	copy(body[8:], identity)
	return body
}

// cuts reports whether a socket, as struct inet_diag_msg describes it, is with
// a peer and on the ports that are cut.
func (c Config) cuts(m []byte) bool {
	port, peerPort := binary.BigEndian.Uint16(m[4:]), binary.BigEndian.Uint16(m[6:])
	if c.Protocol == "udp" || c.Port != 0 && c.Port != port || c.PeerPort != 0 && c.PeerPort != peerPort {
		return false
	}
	remote, _ := netip.AddrFromSlice(m[24:40])
	if m[0] == unix.AF_INET {
		remote, _ = netip.AddrFromSlice(m[24:28])
	}
	remote = remote.Unmap()
	if c.Peers == nil {
		return !remote.IsLoopback() && !remote.IsUnspecified() && !slices.Contains(c.Except, remote)
	}
	return slices.Contains(c.Peers, remote)
}
