package main

import (
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// mountTmpfs mounts a file system in memory over a folder.
func mountTmpfs(dir, options string) error {
	return exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).Run()
}

// canMount reports whether this process may mount a file system in memory, the
// size of which is told in pages of 4 KiB.
var canMount = sync.OnceValue(func() bool {
	if os.Getpagesize() != 4096 || testing.Short() {
		return false
	}
	dir, err := os.MkdirTemp("", "fournines-mount-")
	if err != nil {
		return false
	}
	defer os.Remove(dir)
	if err := mountTmpfs(dir, "size=4k"); err != nil {
		return false
	}
	return exec.Command("umount", dir).Run() == nil
})

// disk mounts a small disk over a new folder for the length of the script:
// options are those of tmpfs, such as size=20k or ro.
func disk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: disk FOLDER OPTIONS")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.Mkdir(dir, 0o755))
	ts.Check(mountTmpfs(dir, args[1]))
	ts.Defer(func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			ts.Logf("umount %s: %v: %s", dir, err, out)
		}
	})
}
