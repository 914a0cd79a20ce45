//go:build !linux

package docker

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// ownSession gives a process a session of its own.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// processBegan is not known here.
func processBegan(int) string { return "" }

// status tells whether there is a process with the number.
func (rec controllerRecord) status() string {
	if rec.PID == 0 || processGone(rec.PID, rec.Began) {
		return "exited"
	}
	return "running"
}

// processGone reports whether there is no process with that number.
func processGone(pid int, _ string) bool { return unix.Kill(pid, 0) != nil }

// pidNamespace is not known here.
func pidNamespace() string { return "" }

// signalProcess sends a signal by its short name; a process that is gone is no
// error.
func signalProcess(pid int, name string) error {
	signal := unix.SignalNum("SIG" + name)
	if signal == 0 {
		return fmt.Errorf("unknown signal %q", name)
	}
	if err := unix.Kill(pid, signal); err != nil && !errors.Is(err, unix.ESRCH) {
		return err
	}
	return nil
}
