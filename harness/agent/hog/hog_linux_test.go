package hog

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/inside"
)

// TestMain makes this binary the process of a job, where it is asked to be.
func TestMain(m *testing.M) {
	if i := slices.Index(os.Args, inside.Flag); i >= 0 {
		if err := inside.Main(os.Args[len(os.Args)-1], os.Args[i+1], os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// group is a control group of ordinary files.
func group(t *testing.T, limit, use string) string {
	t.Helper()
	root := t.TempDir()
	for name, value := range map[string]string{
		"cpu/cgroup.procs": "", "memory/cgroup.procs": "", "memory/memory.limit_in_bytes": limit, "memory/memory.usage_in_bytes": use,
	} {
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(value), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestHogsUseWhatTheyAreAskedFor(t *testing.T) {
	root := group(t, "1073741824", "1000")
	for _, tt := range []struct {
		name    string
		make    func() (agent.Effect, error)
		counter string
		least   int64
		entered string
	}{
		{"processor time", func() (agent.Effect, error) { return cpu(root, map[string]string{"workers": "2", "load": "50"}) }, "cpu-ns", 1, "cpu"},
		{"memory", func() (agent.Effect, error) { return memory(root, map[string]string{"size": "8388608"}) }, "resident", 8 << 20, "memory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, err := tt.make()
			if err != nil {
				t.Fatal(err)
			}
			if before, err := h.Before(t.Context()); err != nil || before != nil {
				t.Errorf("Before = %v, %v", before, err)
			}
			if seen, err := h.Seen(t.Context()); err != nil || seen.Active {
				t.Errorf("before Apply: %+v, %v", seen, err)
			}
			if err := h.Apply(t.Context()); err != nil {
				t.Fatal(err)
			}
			var seen agent.Seen
			for err == nil && !seen.Active && t.Context().Err() == nil {
				seen, err = h.Seen(t.Context())
			}
			if err != nil || seen.Counters[tt.counter] < tt.least {
				t.Errorf("Seen = %+v, %v", seen, err)
			}
			if procs, err := os.ReadFile(filepath.Join(root, tt.entered, "cgroup.procs")); err != nil || string(procs) != "0" {
				t.Errorf("it entered the group %q: %q, %v", tt.entered, procs, err)
			}
			for range 2 {
				if err := h.Undo(t.Context(), nil); err != nil {
					t.Fatal(err)
				}
			}
			if seen, err := h.Seen(t.Context()); err != nil || seen.Active {
				t.Errorf("after Undo: %+v, %v", seen, err)
			}
		})
	}
}

func TestHogsAreRefused(t *testing.T) {
	tight := group(t, "20000000", "10000000")
	for _, tt := range []struct {
		rule string
		make func() (agent.Effect, error)
		want string
	}{
		{"memory that does not fit", func() (agent.Effect, error) { return memory(tight, map[string]string{"size": "5000000"}) }, "room for 5000000 bytes below the target's memory limit"},
		{"memory that the machine cannot spare", func() (agent.Effect, error) {
			return memory(group(t, "9223372036854771712", "0"), map[string]string{"size": "4611686018427387904"})
		}, "that this machine can spare"},
		{"no size", func() (agent.Effect, error) { return memory(tight, nil) }, "want a number of bytes"},
		{"no workers", func() (agent.Effect, error) { return cpu(tight, map[string]string{"workers": "0", "load": "1"}) }, "want a whole number from 1"},
		{"too much load", func() (agent.Effect, error) { return cpu(tight, map[string]string{"workers": "1", "load": "101"}) }, "up to 100"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			e, err := tt.make()
			if err == nil {
				_, err = e.Before(t.Context())
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func TestAProcessThatCannotEnterSaysSo(t *testing.T) {
	root := group(t, "1", "1")
	if err := os.Remove(filepath.Join(root, "cpu", "cgroup.procs")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(root, "cpu")); err != nil {
		t.Fatal(err)
	}
	h, err := cpu(root, map[string]string{"workers": "1", "load": "1"})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Apply(t.Context()); err == nil || !strings.Contains(err.Error(), `enter the target's control group "cpu"`) {
		t.Errorf("Apply = %v", err)
	}
}
