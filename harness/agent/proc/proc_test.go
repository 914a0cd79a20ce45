package proc

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	ours   = strings.Repeat("ab", 32)
	theirs = strings.Repeat("cd", 32)
)

// host is a folder like /proc, and the signals that were sent.
type host struct {
	t    *testing.T
	dir  string
	sent []string
	deaf bool
}

func newHost(t *testing.T) *host { return &host{t: t, dir: t.TempDir()} }

// run adds a process; inside is its number in its own namespace.
func (h *host) run(pid, inside int, start, container, comm, program string) {
	h.t.Helper()
	dir := filepath.Join(h.dir, strconv.Itoa(pid))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		h.t.Fatal(err)
	}
	for name, text := range map[string]string{
		"cgroup":  "4:memory:/docker/" + container + "\n",
		"status":  fmt.Sprintf("Name:\t%s\nNSpid:\t%d\t%d\n", comm, pid, inside),
		"comm":    comm + "\n",
		"cmdline": program + "\x00--flag\x00",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			h.t.Fatal(err)
		}
	}
	h.become(pid, start, "S")
}

func (h *host) become(pid int, start, state string) {
	h.t.Helper()
	text := fmt.Sprintf("%d (a) b c) %s %s %s 0\n", pid, state, strings.Repeat("0 ", 18), start)
	if err := os.WriteFile(filepath.Join(h.dir, strconv.Itoa(pid), "stat"), []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

// send does what a kernel does.
func (h *host) send(pid int, signal string) error {
	h.sent = append(h.sent, fmt.Sprintf("%s %d", signal, pid))
	start, _, err := (table{h.dir}).stat(pid)
	if err != nil || h.deaf {
		return err
	}
	switch signal {
	case "STOP":
		h.become(pid, start, "T")
	case "CONT":
		h.become(pid, start, "S")
	default:
		return os.RemoveAll(filepath.Join(h.dir, strconv.Itoa(pid)))
	}
	return nil
}

func (h *host) target(name string) target {
	return target{table: table{h.dir}, container: ours, name: name, send: h.send}
}

func crowd(t *testing.T) *host {
	h := newHost(t)
	h.run(100, 1, "5000", ours, "haproxy", "/usr/sbin/haproxy")
	h.run(101, 7, "5001", ours, "worker", "/usr/sbin/haproxy")
	h.run(102, 8, "5002", ours, "sh", "/bin/sh")
	h.run(200, 1, "6000", theirs, "haproxy", "/usr/sbin/haproxy")
	return h
}

func TestOnlyTheContainersOwnProcessesAreFound(t *testing.T) {
	h := crowd(t)
	for name, want := range map[string][]int{"": {100}, "haproxy": {100, 101}, "sh": {102}, "worker": {101}} {
		found, err := (table{h.dir}).find(ours, name)
		var pids []int
		for _, p := range found {
			pids = append(pids, p.pid)
		}
		if err != nil || !slices.Equal(pids, want) {
			t.Errorf("%q: %v, %v; want %v", name, found, err, want)
		}
	}
	if _, err := (table{h.dir}).find(ours, "nginx"); err == nil || !strings.Contains(err.Error(), `want a process named "nginx", saw none`) {
		t.Errorf("a name that nobody has: %v", err)
	}
	if _, err := (table{h.dir}).find(strings.Repeat("ef", 32), ""); err == nil || !strings.Contains(err.Error(), "want its main process, saw none") {
		t.Errorf("a container without processes: %v", err)
	}
}

func TestStopIsSeenAndUndoneByAnotherAgent(t *testing.T) {
	h := crowd(t)
	s := &stop{h.target("haproxy")}
	before, err := s.Before(t.Context())
	if err != nil || before[processes] != "100:5000,101:5001" {
		t.Fatalf("Before = %v, %v", before, err)
	}
	if seen, _ := s.Seen(t.Context()); seen.Active {
		t.Errorf("seen before Apply: %+v", seen)
	}
	if err := s.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if seen, _ := s.Seen(t.Context()); !seen.Active || seen.Counters["stopped"] != 2 {
		t.Errorf("seen after Apply: %+v", seen)
	}
	// One of the numbers was given to somebody else meanwhile.
	h.become(101, "9999", "T")
	h.sent = nil
	other := &stop{h.target("haproxy")}
	for range 2 {
		if err := other.Undo(t.Context(), before); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"CONT 100", "CONT 100"}; !slices.Equal(h.sent, want) {
		t.Errorf("sent %v, want %v", h.sent, want)
	}
	h.become(100, "5000", "T")
	h.deaf = true
	if err := other.Undo(t.Context(), before); err == nil || !strings.Contains(err.Error(), "still stopped") {
		t.Errorf("a process that stays stopped: %v", err)
	}
	if err := other.Undo(t.Context(), map[string]string{processes: "1:0"}); err == nil {
		t.Error("process 1 of the machine is taken for a target")
	}
}

func TestKillIsSeenWhenTheProcessesAreGone(t *testing.T) {
	h := crowd(t)
	k := &kill{h.target(""), "TERM"}
	if _, err := k.Before(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.deaf = true
	if err := k.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if seen, _ := k.Seen(t.Context()); seen.Active {
		t.Errorf("a process that ignores the signal was taken for gone: %+v", seen)
	}
	h.become(100, "5000", "Z")
	if seen, _ := k.Seen(t.Context()); !seen.Active {
		t.Errorf("a process that has ended was taken for alive: %+v", seen)
	}
	if want := []string{"TERM 100"}; !slices.Equal(h.sent, want) {
		t.Errorf("sent %v, want %v", h.sent, want)
	}
}

func TestAProcessThatLeftTheContainerIsLeftAlone(t *testing.T) {
	h := crowd(t)
	k := &kill{h.target(""), "KILL"}
	if _, err := k.Before(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(h.dir, "100", "cgroup"), []byte("4:memory:/docker/"+theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := k.Apply(t.Context()); err != nil || len(h.sent) > 0 {
		t.Errorf("sent %v, %v; want nothing", h.sent, err)
	}
}

func TestArgumentsAreChecked(t *testing.T) {
	for _, args := range []map[string]string{nil, {Container: "abc"}, {Container: ours, Signal: "STOP"}, {Container: ours}} {
		if _, err := Kill(args); err == nil {
			t.Errorf("Kill(%v) is accepted", args)
		}
	}
	if _, err := Kill(map[string]string{Container: ours, Signal: "KILL"}); err != nil {
		t.Error(err)
	}
	if _, err := Stop(map[string]string{Container: ours}); err != nil {
		t.Error(err)
	}
}
