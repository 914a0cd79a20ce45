package proc

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// containerID is the form of a whole container ID.
var containerID = regexp.MustCompile(`^[0-9a-f]{64}$`)

// id is one process for as long as it lives.
type id struct {
	pid int
	// start is when it was started, in the kernel's own unit.
	start string
}

func (p id) String() string { return fmt.Sprintf("%d:%s", p.pid, p.start) }

// parseIDs reads what String wrote, with commas between.
func parseIDs(text string) ([]id, error) {
	var all []id
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' }) {
		number, start, ok := strings.Cut(word, ":")
		pid, err := strconv.Atoi(number)
		if err != nil || !ok || pid <= 1 || start == "" {
			return nil, fmt.Errorf("process %q: want NUMBER:START with a number above 1", word)
		}
		all = append(all, id{pid, start})
	}
	return all, nil
}

// table is the processes that can be seen, as files below root ("/proc").
type table struct{ root string }

// find returns the processes of a container that have the name; with an empty
// name the container's main process. None is an error.
func (t table) find(container, name string) ([]id, error) {
	entries, err := os.ReadDir(t.root)
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var found []id
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		in, err := t.inContainer(pid, container)
		if err != nil {
			return nil, err
		}
		if !in || !t.named(pid, name) {
			continue
		}
		start, _, err := t.stat(pid)
		if err != nil {
			continue // it ended meanwhile
		}
		found = append(found, id{pid, start})
	}
	switch {
	case len(found) == 0 && name == "":
		return nil, fmt.Errorf("container %.12s: want its main process, saw none", container)
	case len(found) == 0:
		return nil, fmt.Errorf("container %.12s: want a process named %q, saw none", container, name)
	}
	return found, nil
}

// inContainer reports whether a process is in the container's control group.
func (t table) inContainer(pid int, container string) (bool, error) {
	groups, err := os.ReadFile(t.file(pid, "cgroup"))
	if gone(err) {
		return false, nil
	}
	return bytes.Contains(groups, []byte(container)), err
}

// named reports whether a process has the name: its own, or that of its
// executable. The empty name is that of the first process of its namespace.
func (t table) named(pid int, name string) bool {
	if name == "" {
		status, err := os.ReadFile(t.file(pid, "status"))
		if err != nil {
			return false
		}
		for line := range strings.Lines(string(status)) {
			if numbers, ok := strings.CutPrefix(line, "NSpid:"); ok {
				fields := strings.Fields(numbers)
				return len(fields) > 1 && fields[len(fields)-1] == "1"
			}
		}
		return false
	}
	if comm, err := os.ReadFile(t.file(pid, "comm")); err == nil && strings.TrimSpace(string(comm)) == name {
		return true
	}
	line, err := os.ReadFile(t.file(pid, "cmdline"))
	program, _, _ := bytes.Cut(line, []byte{0})
	return err == nil && len(program) > 0 && filepath.Base(string(program)) == name
}

// stat returns a process's start time and its state: R, S, T, Z.
func (t table) stat(pid int) (start, state string, err error) {
	line, err := os.ReadFile(t.file(pid, "stat"))
	if err != nil {
		return "", "", err
	}
	// The name, in parentheses, can hold anything.
	rest := line[bytes.LastIndexByte(line, ')')+1:]
	fields := strings.Fields(string(rest))
	if len(fields) < 20 {
		return "", "", fmt.Errorf("read state of process %d: want at least 20 fields, saw %d", pid, len(fields))
	}
	return fields[19], fields[0], nil
}

// state is the state of a process; empty when it is gone, as it is when
// another one has its number or when nobody has asked yet how it ended.
func (t table) state(p id) string {
	start, state, err := t.stat(p.pid)
	if err != nil || start != p.start || state == "Z" || state == "X" {
		return ""
	}
	return state
}

func (t table) file(pid int, name string) string {
	return filepath.Join(t.root, strconv.Itoa(pid), name)
}

// gone reports whether a file of a process is not there because the process is
// not. Reading on in the file of one that has just ended gives ESRCH.
func gone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || err != nil && strings.Contains(err.Error(), "no such process")
}
