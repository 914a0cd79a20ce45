package netqueue

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/netlink"
	"github.com/fournines/fournines/harness/agent/shape"
)

// Of linux/netfilter/nfnetlink_queue.h.
const (
	queueVerdict, queueConfig                              = 1, 2
	configCommand, configParams, configLength              = 1, 2, 3
	configMask, configFlags                                = 4, 5
	commandBind                                            = 1
	copyMeta, copyPacket                                   = 1, 2
	flagFailOpen, flagGSO                                  = 1, 4
	packetHeader, packetVerdict, packetMark, packetPayload = 1, 2, 3, 10
	drop                                                   = 0
	socketBuffer                                           = 32 << 20
	perRound                                               = 256 // packets read before some are let go
)

// reader takes packets from one queue and lets them go. All of it but the
// counters belongs to the goroutine of run.
type reader struct {
	conn   *netlink.Conn
	wake   int // an eventfd
	number uint16
	plan   shape.Plan
	shaper *shape.Shaper
	held   shape.Queue
	// changed are the new bytes of held packets.
	changed map[uint32][]byte
	epoch   time.Time
	buf     []byte
	out     []byte
	lastID  uint32

	// tid is the thread of run.
	tid  atomic.Int64
	stop chan struct{}
	done chan struct{}
	err  error // once done
	// open makes it let everything pass at once.
	open                                                      atomic.Bool
	read, dropped, doubled, corrupted, overtaken, holds, lost atomic.Int64
	late                                                      atomic.Int64 // ns, the most
}

// newReader takes over a queue that nobody else reads.
func newReader(number uint16, length uint32, gso bool, p shape.Plan) (*reader, error) {
	conn, err := netlink.Dial(unix.NETLINK_NETFILTER)
	if err != nil {
		return nil, err
	}
	r := &reader{conn: conn, number: number, plan: p, shaper: shape.New(p), epoch: time.Now(), buf: make([]byte, 1<<17), changed: map[uint32][]byte{}, stop: make(chan struct{}), done: make(chan struct{})}
	if r.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		conn.Close()
		return nil, fmt.Errorf("open an eventfd: %w", err)
	}
	if err := r.configure(length, gso); err != nil {
		conn.Close()
		unix.Close(r.wake)
		return nil, err
	}
	return r, nil
}

func (r *reader) configure(length uint32, gso bool) error {
	config := func(parts ...[]byte) netlink.Message { return r.message(queueConfig, unix.NLM_F_ACK, parts...) }
	if err := r.conn.Do(config(netlink.Attr(configCommand, []byte{commandBind, 0, 0, 0}))); err != nil {
		return fmt.Errorf("take over packet queue %d: %w", r.number, err)
	}
	mode, bytes := byte(copyMeta), uint32(0)
	if r.plan.Corrupt > 0 {
		mode, bytes = copyPacket, 0xffff
	}
	flags := uint32(flagFailOpen)
	if gso {
		flags |= flagGSO
	}
	err := r.conn.Do(
		config(netlink.Attr(configParams, append(binary.BigEndian.AppendUint32(nil, bytes), mode))),
		config(netlink.Big32(configLength, length)),
		config(netlink.Big32(configFlags, flags), netlink.Big32(configMask, flagFailOpen|flagGSO)),
	)
	if err != nil {
		return fmt.Errorf("set up packet queue %d: %w", r.number, err)
	}
	if unix.SetsockoptInt(r.conn.FD(), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, socketBuffer) != nil {
		_ = unix.SetsockoptInt(r.conn.FD(), unix.SOL_SOCKET, unix.SO_RCVBUF, socketBuffer) // as much as is allowed
	}
	return unix.SetsockoptInt(r.conn.FD(), unix.SOL_NETLINK, unix.NETLINK_NO_ENOBUFS, 1)
}

func (r *reader) message(kind int, flags uint16, parts ...[]byte) netlink.Message {
	body := []byte{unix.AF_UNSPEC, unix.NFNETLINK_V0, byte(r.number >> 8), byte(r.number)}
	for _, p := range parts {
		body = append(body, p...)
	}
	return netlink.Message{Type: uint16(unix.NFNL_SUBSYS_QUEUE<<8 | kind), Flags: flags, Body: body}
}

// run reads and lets go until end is called. It sleeps in the kernel on a
// thread of its own, with the least slack there is.
func (r *reader) run() {
	defer close(r.done)
	runtime.LockOSThread() // for ever: the thread ends with run, and with it its slack and its account of time
	r.tid.Store(int64(unix.Gettid()))
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0) // only makes it more exact
	for {
		select {
		case <-r.stop:
			return
		default:
		}
		if r.err = r.round(); r.err != nil {
			return
		}
	}
}

// round waits for the next thing to do and does it.
func (r *reader) round() error {
	if err := r.wait(); err != nil {
		return err
	}
	for range perRound {
		n, _, err := unix.Recvfrom(r.conn.FD(), r.buf, unix.MSG_DONTWAIT)
		if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) || errors.Is(err, unix.ENOBUFS) {
			break
		}
		if err != nil {
			return fmt.Errorf("read packet queue %d: %w", r.number, err)
		}
		if err := netlink.Messages(r.buf[:n], r.take); err != nil {
			return err
		}
	}
	return r.letGo()
}

// wait sleeps until a packet came, one is due, or somebody wants something.
func (r *reader) wait() error {
	fds := []unix.PollFd{{Fd: int32(r.conn.FD()), Events: unix.POLLIN}, {Fd: int32(r.wake), Events: unix.POLLIN}}
	var timeout *unix.Timespec
	if due, ok := r.held.Due(); ok {
		if r.open.Load() {
			due = 0
		}
		left := unix.NsecToTimespec(max(0, int64(due-r.now())))
		timeout = &left
	}
	if _, err := unix.Ppoll(fds, timeout, nil); err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("wait for packet queue %d: %w", r.number, err)
	}
	if fds[1].Revents != 0 {
		var b [8]byte
		_, _ = unix.Read(r.wake, b[:])
	}
	return nil
}

func (r *reader) now() time.Duration { return time.Since(r.epoch) }

// nudge makes run look up.
func (r *reader) nudge() {
	_, _ = unix.Write(r.wake, binary.NativeEndian.AppendUint64(nil, 1)) // a full eventfd wakes as well
}

// end stops run and closes the queue. It can be called once.
func (r *reader) end() error {
	close(r.stop)
	r.nudge()
	<-r.done
	return errors.Join(r.conn.Close(), unix.Close(r.wake))
}
