package fidelity

import (
	"encoding/binary"
	"io"
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// wantStamps asks the kernel to put the time of arrival on what comes in on
// connections that l accepts from now on.
func wantStamps(l *net.TCPListener) error {
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	if err := raw.Control(func(fd uintptr) {
		set = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1)
	}); err != nil {
		return err
	}
	return set
}

// stampedReader reads from a connection together with the kernel's time of
// arrival. Not safe for concurrent use.
type stampedReader struct {
	raw  syscall.RawConn
	meta [64]byte
}

func newStampedReader(c *net.TCPConn) (*stampedReader, error) {
	raw, err := c.SyscallConn()
	return &stampedReader{raw: raw}, err
}

// read waits for data. at is when the last packet of it arrived; when the
// kernel has put no time on it, at is now and stamped is false.
func (r *stampedReader) read(p []byte) (n int, at time.Time, stamped bool, err error) {
	var meta int
	ready := func(fd uintptr) bool {
		n, meta, _, _, err = unix.Recvmsg(int(fd), p, r.meta[:], unix.MSG_DONTWAIT)
		return err != unix.EAGAIN && err != unix.EINTR
	}
	if wait := r.raw.Read(ready); wait != nil {
		return 0, time.Time{}, false, wait
	}
	if err == nil && n == 0 {
		err = io.EOF
	}
	if err != nil {
		return 0, time.Time{}, false, err
	}
	at, stamped = stampIn(r.meta[:meta])
	if !stamped {
		at = time.Now().Round(0)
	}
	return n, at, stamped, nil
}

// stampIn finds the time stamp in a message's control data.
func stampIn(meta []byte) (time.Time, bool) {
	messages, err := unix.ParseSocketControlMessage(meta)
	if err != nil {
		return time.Time{}, false
	}
	for _, m := range messages {
		if m.Header.Level == unix.SOL_SOCKET && m.Header.Type == unix.SCM_TIMESTAMPNS && len(m.Data) >= 16 {
			return time.Unix(
				int64(binary.NativeEndian.Uint64(m.Data[:8])),
				int64(binary.NativeEndian.Uint64(m.Data[8:16])),
			), true
		}
	}
	return time.Time{}, false
}
