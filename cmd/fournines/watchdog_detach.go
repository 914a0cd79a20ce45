//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// detach gives a process a session of its own: neither a closed terminal nor a
// signal to the run's process group reaches it.
func detach(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
