package docker

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/moby/moby/client"

	"github.com/fournines/fournines/stack"
)

// exitPatience bounds how long a killed process is watched: a little more than
// the drain that a signal other than KILL allows it.
const exitPatience = 15 * time.Second

// watchExit announces when the replica's main process ends, from now on for at
// most exitPatience. It does nothing where the process cannot be seen: a
// remote engine, another namespace of processes. The engine's own report comes
// in any case.
func (r *replica) watchExit(ctx context.Context) {
	found, err := r.engine.api.ContainerInspect(ctx, r.ID(), client.ContainerInspectOptions{})
	if err != nil || found.Container.State == nil || found.Container.State.Pid == 0 {
		return
	}
	pid := found.Container.State.Pid
	// The number means something else, or nothing, in another namespace.
	group, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cgroup")
	if err != nil || !strings.Contains(string(group), r.ID()) {
		return
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return
	}
	go func() {
		defer unix.Close(fd)
		if awaitReadable(fd, exitPatience) {
			r.exits.announce(stack.Event{Time: time.Now(), Replica: r.Name(), Kind: "exited", Detail: "process " + strconv.Itoa(pid)})
		}
	}()
}

// awaitReadable waits until fd can be read: for the descriptor of a process
// that is when the process has ended.
func awaitReadable(fd int, patience time.Duration) bool {
	deadline := time.Now().Add(patience)
	for {
		left := time.Until(deadline)
		if left <= 0 {
			return false
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left.Milliseconds())+1)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		return err == nil && n > 0
	}
}
