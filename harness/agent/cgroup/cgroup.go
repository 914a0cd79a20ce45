// Package cgroup reads and writes the files of the control group that an agent
// shares with its target, of version 1 or 2.
package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Root is where an agent finds its target's control group: a folder for each
// controller of version 1 that is named like it, or one alone for version 2.
const Root = "/cgroup"

const unified = "unified"

// Group is one control group.
type Group struct {
	root string
	v2   bool
}

// Open finds the group under root.
func Open(root string) (Group, error) {
	if _, err := os.Stat(filepath.Join(root, unified)); err == nil {
		return Group{root, true}, nil
	}
	entries, err := os.ReadDir(root)
	if err != nil || len(entries) == 0 {
		return Group{}, fmt.Errorf("expected the target's control group in %q, saw none; start the agent with the share \"cgroup\"", root)
	}
	return Group{root, false}, nil
}

// V2 is true of a group of version 2.
func (g Group) V2() bool { return g.v2 }

func (g Group) path(file string) string {
	controller, _, _ := strings.Cut(file, ".")
	if g.v2 {
		controller = unified
	}
	return filepath.Join(g.root, controller, file)
}

// Has reports whether this machine's kernel knows the file.
func (g Group) Has(file string) bool {
	_, err := os.Stat(g.path(file))
	return err == nil
}

// Read returns a file's content without the line's end.
func (g Group) Read(file string) (string, error) {
	raw, err := os.ReadFile(g.path(file))
	if err != nil {
		return "", fmt.Errorf("read the target's %s: %w", file, err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// Number reads a file that holds one number; "max" is the largest there is.
func (g Group) Number(file string) (int64, error) {
	text, err := g.Read(file)
	if err != nil {
		return 0, err
	}
	if text == "max" {
		return 1<<63 - 1, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("expected a number in the target's %s, saw %q", file, text)
	}
	return n, nil
}

// Write sets a file. The kernel refuses some values: EBUSY is a memory limit
// below what cannot be freed, EINVAL one that contradicts another.
func (g Group) Write(file, value string) error {
	f, err := os.OpenFile(g.path(file), os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return fmt.Errorf("set the target's %s: %w", file, err)
	}
	_, err = f.WriteString(value)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("set the target's %s to %q: %w", file, value, err)
	}
	return nil
}

// Join moves the calling process, with all its threads, into the groups of the
// controllers.
func (g Group) Join(controllers ...string) error {
	if g.v2 {
		controllers = []string{unified}
	}
	for _, c := range controllers {
		procs := filepath.Join(g.root, c, "cgroup.procs")
		if _, err := os.Stat(procs); errors.Is(err, fs.ErrNotExist) && c == "cpuacct" {
			continue // it only counts
		}
		if err := os.WriteFile(procs, []byte("0"), 0); err != nil {
			return fmt.Errorf("enter the target's control group %q: %w", c, err)
		}
	}
	return nil
}

// Gone reports whether an error means that the group does not exist any more:
// its container ended, and its limits with it.
func Gone(err error) bool {
	return errors.Is(err, syscall.ENODEV) || errors.Is(err, fs.ErrNotExist)
}

// Field returns the number behind a name in a file of such lines: "nr_throttled
// 12". False when there is none.
func Field(text, name string) (int64, bool) {
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) == 2 && f[0] == name {
			n, err := strconv.ParseInt(f[1], 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}

// Line returns what follows key in its line: of a file with a line for each
// device. False when there is none.
func Line(text, key string) (string, bool) {
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) > 1 && f[0] == key {
			return strings.Join(slices.Clone(f[1:]), " "), true
		}
	}
	return "", false
}
