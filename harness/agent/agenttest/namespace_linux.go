package agenttest

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inside is set in the environment of a process that has its own namespace.
const inside = "FOURNINES_TEST_NAMESPACE"

// patience bounds a test in a namespace.
const patience = 2 * time.Minute

// Namespace returns true in a process with a network namespace of its own,
// with nothing but a loopback interface. Elsewhere it runs the calling test
// again in such a process, passes on what came out, and returns false: the
// caller returns then. Who may not make namespaces skips the test.
func Namespace(t *testing.T) bool {
	t.Helper()
	if os.Getenv(inside) != "" {
		if err := raiseLoopback(); err != nil {
			t.Fatal(err)
		}
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+regexp.QuoteMeta(t.Name())+"$", "-test.v", "-test.timeout="+patience.String())
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET, Pdeathsig: unix.SIGKILL}
	out, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, unix.EPERM):
		t.Skipf("a network namespace needs root: %v", err)
	case err != nil:
		t.Errorf("in a namespace of its own: %v\n%s", err, out)
	default:
		t.Logf("in a namespace of its own:\n%s", out)
	}
	return false
}

// raiseLoopback sets interface lo up: in a new namespace it is down.
func raiseLoopback() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	defer unix.Close(s)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return os.NewSyscallError("SIOCSIFFLAGS", unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, request))
}
