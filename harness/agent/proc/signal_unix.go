//go:build unix

package proc

import (
	"fmt"
	"syscall"
)

// send sends a signal by its name.
func send(pid int, signal string) error {
	s, ok := map[string]syscall.Signal{
		"KILL": syscall.SIGKILL, "TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "QUIT": syscall.SIGQUIT, "ABRT": syscall.SIGABRT,
		"SEGV": syscall.SIGSEGV, "HUP": syscall.SIGHUP, "STOP": syscall.SIGSTOP, "CONT": syscall.SIGCONT,
	}[signal]
	if !ok {
		return fmt.Errorf("unknown signal %q", signal)
	}
	return syscall.Kill(pid, s)
}
