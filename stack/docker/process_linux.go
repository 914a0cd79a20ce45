package docker

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/unix"
)

// ownSession gives a process a session of its own: neither a closed terminal
// nor a signal to this process's group reaches it.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true} }

// processStat is the state of a process and when it began, in the kernel's
// ticks; empty when there is none.
func processStat(pid int) (state, began string) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", ""
	}
	// The name, in parentheses, may hold anything.
	fields := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
	if len(fields) < 20 {
		return "", ""
	}
	return fields[0], fields[19]
}

func processBegan(pid int) string {
	_, began := processStat(pid)
	return began
}

// status is that of the process that is recorded, in the words of
// stack.Replica.
func (rec controllerRecord) status() string {
	if rec.PID == 0 || processGone(rec.PID, rec.Began) {
		return "exited"
	}
	if state, _ := processStat(rec.PID); state == "T" {
		return "paused"
	}
	return "running"
}

// processGone reports whether the process with that number that began then has
// ended.
func processGone(pid int, began string) bool {
	state, now := processStat(pid)
	return now == "" || now != began || state == "Z" || state == "X"
}

// pidNamespace names the namespace in which this process sees numbers of
// processes; "" when that cannot be told.
func pidNamespace() string {
	name, _ := os.Readlink("/proc/self/ns/pid")
	return name
}

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
