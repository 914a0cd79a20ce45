package nft

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// Marked is a net.Dialer's Control that marks sockets, so that rules can tell
// the agent's own packets. It needs NET_ADMIN.
func Marked(mark int) func(network, address string, c syscall.RawConn) error {
	return func(_, _ string, c syscall.RawConn) error {
		var set error
		if err := c.Control(func(fd uintptr) { set = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_MARK, mark) }); err != nil {
			return err
		}
		if set != nil {
			return fmt.Errorf("mark a socket: %w", set)
		}
		return nil
	}
}
