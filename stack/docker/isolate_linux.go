package docker

import (
	"os/exec"

	"golang.org/x/sys/unix"
)

// isolate keeps what a program does to this machine within the program's life:
// its mounts are in a namespace of its own (root only), and cancelling ends
// everything that it started. The program ends when the thread that starts it
// does, so the caller locks itself to one (runtime.LockOSThread).
func isolate(cmd *exec.Cmd, ownMounts bool) {
	attr := &unix.SysProcAttr{Setpgid: true, Pdeathsig: unix.SIGKILL}
	if ownMounts {
		attr.Unshareflags = unix.CLONE_NEWNS
	}
	cmd.SysProcAttr = attr
	cmd.Cancel = func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGKILL) }
}
