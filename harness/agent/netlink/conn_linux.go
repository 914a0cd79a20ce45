package netlink

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// Message is one netlink message without its header.
type Message struct {
	Type uint16
	// Flags are NLM_F_* beside NLM_F_REQUEST, which is always set.
	Flags uint16
	Body  []byte
}

// patience is how long the kernel may take to answer; it answers at once.
var patience = unix.Timeval{Sec: 10}

// Conn is one connection to the kernel. It is not safe for concurrent use.
// Whatever the kernel ties to a connection ends with Close, and with the
// process.
type Conn struct {
	fd  int
	seq uint32
	buf []byte
}

// Dial opens a connection of a protocol: unix.NETLINK_NETFILTER,
// unix.NETLINK_ROUTE.
func Dial(protocol int) (*Conn, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		return nil, fmt.Errorf("open a netlink socket: %w", err)
	}
	c := &Conn{fd: fd, buf: make([]byte, 1<<17)}
	if err := errors.Join(
		unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}),
		unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &patience),
		unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_EXT_ACK, 1),
		unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_CAP_ACK, 1),
	); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("set up a netlink socket: %w", err)
	}
	return c, nil
}

// FD is the connection's file descriptor, for those who poll it.
func (c *Conn) FD() int { return c.fd }

// Close ends the connection.
func (c *Conn) Close() error { return unix.Close(c.fd) }

// Send writes messages in one datagram and returns the number of the first;
// the others follow it. Nothing is read.
func (c *Conn) Send(messages ...Message) (first uint32, err error) {
	first = c.seq + 1
	var wire []byte
	for _, m := range messages {
		c.seq++
		wire = AppendMessage(wire, c.seq, m)
	}
	return first, c.Write(wire)
}

// Write sends messages that AppendMessage made.
func (c *Conn) Write(wire []byte) error {
	return unix.Sendto(c.fd, wire, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
}

// AppendMessage adds a message with the given number to wire.
func AppendMessage(wire []byte, seq uint32, m Message) []byte {
	wire = binary.NativeEndian.AppendUint32(wire, uint32(unix.SizeofNlMsghdr+len(m.Body)))
	wire = binary.NativeEndian.AppendUint16(wire, m.Type)
	wire = binary.NativeEndian.AppendUint16(wire, m.Flags|unix.NLM_F_REQUEST)
	wire = binary.NativeEndian.AppendUint32(wire, seq)
	wire = binary.NativeEndian.AppendUint32(wire, 0)
	return pad(append(wire, m.Body...))
}

// Do sends messages in one datagram and waits until the kernel acknowledged
// each that asks for it by NLM_F_ACK. The error is a syscall.Errno with what
// the kernel said beside it, of the first message that it refused.
func (c *Conn) Do(messages ...Message) error {
	first, err := c.Send(messages...)
	if err != nil {
		return err
	}
	waiting := map[uint32]bool{}
	for i, m := range messages {
		if m.Flags&unix.NLM_F_ACK != 0 {
			waiting[first+uint32(i)] = true
		}
	}
	for len(waiting) > 0 {
		err := c.receive(func(h header, body []byte) error {
			if h.kind != unix.NLMSG_ERROR || h.seq < first {
				return nil
			}
			delete(waiting, h.seq)
			return refusal(h, body)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Ask sends one message and calls each for every answer, a dump's too.
func (c *Conn) Ask(m Message, each func(body []byte) error) error {
	m.Flags |= unix.NLM_F_ACK
	first, err := c.Send(m)
	if err != nil {
		return err
	}
	for done := false; !done; {
		err := c.receive(func(h header, body []byte) error {
			switch {
			case h.seq != first:
				return nil
			case h.kind == unix.NLMSG_DONE:
				done = true
				return nil
			case h.kind == unix.NLMSG_ERROR:
				done = true
				return refusal(h, body)
			}
			return each(body)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// header is what of a message's header matters.
type header struct {
	kind, flags uint16
	seq         uint32
}

// receive reads one datagram and calls each for its messages.
func (c *Conn) receive(each func(h header, body []byte) error) error {
	n, _, err := unix.Recvfrom(c.fd, c.buf, 0)
	switch {
	case errors.Is(err, unix.EINTR):
		return nil
	case errors.Is(err, unix.EAGAIN):
		return fmt.Errorf("the kernel did not answer within %d s", patience.Sec)
	case err != nil:
		return err
	}
	return Messages(c.buf[:n], func(kind, flags uint16, seq uint32, body []byte) error {
		return each(header{kind, flags, seq}, body)
	})
}

// Messages calls each for every message in a datagram until it returns an
// error.
func Messages(b []byte, each func(kind, flags uint16, seq uint32, body []byte) error) error {
	for len(b) >= unix.SizeofNlMsghdr {
		n := int(binary.NativeEndian.Uint32(b))
		if n < unix.SizeofNlMsghdr || n > len(b) {
			return errors.New("the kernel's answer is cut off")
		}
		err := each(binary.NativeEndian.Uint16(b[4:]), binary.NativeEndian.Uint16(b[6:]), binary.NativeEndian.Uint32(b[8:]), b[unix.SizeofNlMsghdr:n])
		if err != nil {
			return err
		}
		b = b[min(aligned(n), len(b)):]
	}
	return nil
}

// refusal is the error in an acknowledgement; nil when it is none.
func refusal(h header, body []byte) error {
	if len(body) < 4 {
		return errors.New("the kernel's acknowledgement is cut off")
	}
	code := -int32(binary.NativeEndian.Uint32(body))
	if code == 0 {
		return nil
	}
	errno := syscall.Errno(code)
	const offset = 4 + unix.SizeofNlMsghdr
	if h.flags&unix.NLM_F_ACK_TLVS == 0 || h.flags&unix.NLM_F_CAPPED == 0 || len(body) < offset {
		return errno
	}
	said := Find(body[offset:], unix.NLMSGERR_ATTR_MSG)
	if i := slices.Index(said, 0); i > 0 {
		return fmt.Errorf("%w (%s)", errno, said[:i])
	}
	return errno
}
