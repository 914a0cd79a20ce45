package load

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// exactAlarm is a timerfd(2): a high-resolution timer of the kernel that the
// runtime's network poller wakes up for as it does for a socket. It needs no
// thread of its own and no spinning, and is late by what the machine takes to
// wake a thread, mostly well below 100 µs.
type exactAlarm struct {
	ctx    context.Context
	file   *os.File
	raw    syscall.RawConn
	unlink func() bool
}

func newExactAlarm(ctx context.Context) (alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("create timer: %w", err)
	}
	file := os.NewFile(uintptr(fd), "timerfd")
	raw, err := file.SyscallConn()
	if err == nil {
		// Refused when the poller does not take the descriptor.
		err = file.SetReadDeadline(time.Time{})
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("poll timer: %w", err)
	}
	a := &exactAlarm{ctx: ctx, file: file, raw: raw}
	// A read that waits is cut short by a deadline that has passed; that
	// deadlines work was seen above.
	a.unlink = context.AfterFunc(ctx, func() { _ = file.SetReadDeadline(time.Unix(0, 0)) })
	return a, nil
}

func (a *exactAlarm) wait(until time.Time) bool {
	// The time that is left never rounds down to 0, which would disarm the
	// timer; a deadline of the file would again be a timer of the runtime.
	if left := time.Until(until); left > 0 {
		if err := a.arm(left); err != nil {
			return timerAlarm{a.ctx}.wait(until)
		}
		var expirations [8]byte
		if _, err := a.file.Read(expirations[:]); err != nil && a.ctx.Err() == nil {
			return timerAlarm{a.ctx}.wait(until)
		}
	}
	return a.ctx.Err() == nil
}

// arm makes the file readable after left.
func (a *exactAlarm) arm(left time.Duration) error {
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(left.Nanoseconds())}
	var set error
	if err := a.raw.Control(func(fd uintptr) { set = unix.TimerfdSettime(int(fd), 0, &spec, nil) }); err != nil {
		return err
	}
	return set
}

func (a *exactAlarm) close() {
	a.unlink()
	a.file.Close()
}
