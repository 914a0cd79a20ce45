package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// watchdogs are the processes that watch over runs of this test, by the paths
// of their journals.
func watchdogs(t *testing.T) map[string]int {
	t.Helper()
	dir, err := stateDir()
	if err != nil {
		t.Fatal(err)
	}
	logs, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			continue // it has just ended well
		}
		var at, path string
		var pid int
		if _, err := fmt.Sscanf(string(text), "%s watchdog %d watches %s", &at, &pid, &path); err != nil {
			continue // it has just begun
		}
		line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
		if err == nil && strings.Contains(string(line), path) {
			found[path] = pid
		}
	}
	return found
}

// endWatchdogs ends, when the test ends, the watchdogs that still try, and
// removes what they wrote.
func endWatchdogs(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		for _, pid := range watchdogs(t) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // or it has ended meanwhile
		}
		dir, err := stateDir()
		if err == nil {
			err = os.RemoveAll(dir)
		}
		if err != nil {
			t.Error(err)
		}
	})
}

// killBoth kills a run and its watchdog, as the end of a machine does.
func killBoth(t *testing.T, c *child) {
	t.Helper()
	found := watchdogs(t)
	if len(found) != 1 {
		t.Fatalf("found watchdogs %v, want the one of the run", found)
	}
	for _, pid := range found {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	c.signal(syscall.SIGKILL)
	c.wait()
}

// awaitWatchdogs waits until no watchdog of this test is left.
func awaitWatchdogs(t *testing.T) {
	t.Helper()
	deadline := time.After(2 * time.Minute)
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		left := watchdogs(t)
		if len(left) == 0 {
			return
		}
		select {
		case <-deadline:
			t.Fatalf("watchdogs %v are still there", left)
		case <-ticker.C:
		}
	}
}
