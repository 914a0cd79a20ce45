package netqueue

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
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
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
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

// take decides about one packet.
func (r *reader) take(kind, _ uint16, _ uint32, body []byte) error {
	if kind != unix.NFNL_SUBSYS_QUEUE<<8 || len(body) < 4 {
		return nil // an answer to something else
	}
	var id, mark uint32
	var content []byte
	netlink.Attributes(body[4:], func(kind uint16, value []byte) bool {
		switch {
		case kind == packetHeader && len(value) >= 4:
			id = binary.BigEndian.Uint32(value)
		case kind == packetMark && len(value) == 4:
			mark = binary.BigEndian.Uint32(value)
		case kind == packetPayload:
			content = value
		}
		return true
	})
	r.lost.Add(int64(id - r.lastID - 1))
	r.lastID = id
	r.read.Add(1)
	mark |= markDecided
	if r.open.Load() {
		err := r.letGo() // what came before it first
		r.decide(id, accept, mark, nil)
		return err
	}
	f := r.shaper.Next()
	if f.Drop {
		r.dropped.Add(1)
		r.decide(id, drop, 0, nil)
		return nil
	}
	if f.Duplicate {
		r.doubled.Add(1)
		mark |= markDouble
	}
	if f.Overtaken {
		r.overtaken.Add(1)
	}
	if f.Corrupt && corrupt(content, r.plan.GoodChecksum, r.shaper.Below) {
		r.corrupted.Add(1)
	} else {
		content = nil
	}
	if f.Hold == 0 && r.held.Len() == 0 {
		r.decide(id, accept, mark, content)
		return nil
	}
	if content != nil {
		r.changed[id] = slices.Clone(content)
	}
	r.held.Push(id, mark, r.now(), f.Hold, f.Overtaken)
	r.holds.Store(int64(r.held.Len()))
	return nil
}

// letGo lets all packets go that are due, and tells the kernel what was
// decided.
func (r *reader) letGo() error {
	now := r.now()
	if due, ok := r.held.Due(); ok && due < now && !r.open.Load() {
		r.late.Store(max(r.late.Load(), int64(now-due)))
	}
	if r.open.Load() {
		now = 1<<63 - 1
	}
	for {
		id, mark, ok := r.held.Pop(now)
		if !ok {
			break
		}
		r.decide(id, accept, mark, r.changed[id])
		delete(r.changed, id)
	}
	r.holds.Store(int64(r.held.Len()))
	return r.tell()
}

// decide notes what is to become of a packet; content takes the place of its
// bytes when it is not nil.
func (r *reader) decide(id, code, mark uint32, content []byte) {
	header := binary.BigEndian.AppendUint32(make([]byte, 0, 8), code)
	parts := [][]byte{netlink.Attr(packetVerdict, binary.BigEndian.AppendUint32(header, id))}
	if code == accept {
		parts = append(parts, netlink.Big32(packetMark, mark))
	}
	if content != nil {
		parts = append(parts, netlink.Attr(packetPayload, content))
	}
	r.out = netlink.AppendMessage(r.out, 0, r.message(queueVerdict, 0, parts...))
	if len(r.out) > 1<<16 {
		_ = r.tell() // what cannot be told now, the next cannot either
	}
}

// tell sends what was decided.
func (r *reader) tell() error {
	if len(r.out) == 0 {
		return nil
	}
	err := r.conn.Write(r.out)
	r.out = r.out[:0]
	if err != nil {
		return fmt.Errorf("let packets of queue %d go: %w", r.number, err)
	}
	return nil
}

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

// drain waits until everything was let go that is in the queue, when nothing
// comes in any more. It gives up after a while: what is left is lost.
func (r *reader) drain() {
	for range 100 {
		line, err := os.ReadFile("/proc/thread-self/net/netfilter/nfnetlink_queue")
		if err != nil || waiting(string(line), r.number) == 0 {
			return
		}
		r.nudge()
		select {
		case <-r.done:
			return
		case <-time.After(time.Millisecond):
		}
	}
}

// waiting is how many packets a queue holds, by the kernel's list of queues.
func waiting(list string, number uint16) int {
	for line := range strings.Lines(list) {
		var n, reader, total int
		if _, err := fmt.Sscan(line, &n, &reader, &total); err == nil && n == int(number) {
			return total
		}
	}
	return 0
}

// processorTime is what its thread has used so far; 0 when nobody says.
func (r *reader) processorTime() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/schedstat", r.tid.Load()))
	var used int64
	if err == nil {
		_, err = fmt.Sscan(string(text), &used)
	}
	if err != nil {
		return 0
	}
	return time.Duration(used)
}
