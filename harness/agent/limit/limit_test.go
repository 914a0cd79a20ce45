package limit

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness/agent"
)

// group makes the folders of a control group out of ordinary files.
func group(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, value := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(value+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func content(t *testing.T, root string, files map[string]string) map[string]string {
	t.Helper()
	now := map[string]string{}
	for name := range files {
		raw, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		now[name] = strings.TrimSpace(string(raw))
	}
	return now
}

var (
	v1 = map[string]string{
		"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "50000", "cpu/cpu.stat": "nr_periods 7\nnr_throttled 3",
		"memory/memory.limit_in_bytes": "67108864", "memory/memory.memsw.limit_in_bytes": "134217728", "memory/memory.usage_in_bytes": "4000000",
		"memory/memory.oom_control": "oom_kill 0", "memory/memory.failcnt": "5",
		"pids/pids.max": "max", "pids/pids.current": "9", "pids/pids.events": "max 0",
	}
	v2 = map[string]string{
		"unified/cpu.max": "max 100000", "unified/cpu.stat": "usage_usec 9\nnr_throttled 3",
		"unified/memory.max": "max", "unified/memory.current": "4000000", "unified/memory.events": "oom_kill 0",
		"unified/pids.max": "512", "unified/pids.current": "9", "unified/pids.events": "max 0",
	}
)

func TestLimitsAreLoweredAndPutBack(t *testing.T) {
	oneFifth := func(root string) (agent.Effect, error) { return cpu(root, map[string]string{"permille": "200"}) }
	headroom := func(root string) (agent.Effect, error) {
		return memory(root, map[string]string{"headroom": "1000000", "oom": "no"})
	}
	for _, tt := range []struct {
		rule  string
		files map[string]string
		make  func(root string) (agent.Effect, error)
		want  map[string]string
	}{
		{"a quota, version 1", v1, oneFifth, map[string]string{"cpu/cpu.cfs_quota_us": "20000", "cpu/cpu.cfs_period_us": "100000"}},
		{"a quota, version 2", v2, oneFifth, map[string]string{"unified/cpu.max": "20000 100000"}},
		{"memory in whole pages, and swap with it, version 1", v1, headroom, map[string]string{"memory/memory.limit_in_bytes": "5001216", "memory/memory.memsw.limit_in_bytes": "5001216"}},
		{"memory, version 2", v2, headroom, map[string]string{"unified/memory.max": "5001216"}},
		{"no more processes than now, version 1", v1, pids, map[string]string{"pids/pids.max": "9"}},
		{"no more processes than now, version 2", v2, pids, map[string]string{"unified/pids.max": "9"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			root := group(t, tt.files)
			e, err := tt.make(root)
			if err != nil {
				t.Fatal(err)
			}
			before, err := e.Before(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if now := content(t, root, tt.files); !maps.Equal(now, tt.files) {
				t.Errorf("Before changed something: %v", now)
			}
			if seen, err := e.Seen(t.Context()); err != nil || seen.Active {
				t.Errorf("before Apply: %+v, %v", seen, err)
			}
			if err := e.Apply(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := maps.Clone(tt.files)
			maps.Copy(want, tt.want)
			if now := content(t, root, tt.files); !maps.Equal(now, want) {
				t.Errorf("in effect:\n%v\nwant\n%v", now, want)
			}
			e.(*limit).provoke = nil // needs a kernel
			if seen, err := e.Seen(t.Context()); err != nil || !seen.Active {
				t.Errorf("in effect: %+v, %v", seen, err)
			}
			again, err := tt.make(root) // another agent, after the first was killed
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if err := again.Undo(t.Context(), before); err != nil {
					t.Fatal(err)
				}
			}
			if now := content(t, root, tt.files); !maps.Equal(now, tt.files) {
				t.Errorf("after Undo:\n%v\nwant\n%v", now, tt.files)
			}
			if seen, err := e.Seen(t.Context()); err != nil || seen.Active {
				t.Errorf("after Undo: %+v, %v", seen, err)
			}
		})
	}
}

func TestLimitsThatWouldNotTakeEffectAreRefused(t *testing.T) {
	throttled := maps.Clone(v1)
	throttled["cpu/cpu.cfs_quota_us"] = "5000"
	for _, tt := range []struct {
		rule string
		make func() (agent.Effect, error)
		want string
	}{
		{"a quota above the present one", func() (agent.Effect, error) {
			return cpu(group(t, throttled), map[string]string{"permille": "200"})
		}, "saw one that may use 0.1"},
		{"a memory limit above the present one", func() (agent.Effect, error) {
			return memory(group(t, v1), map[string]string{"headroom": "67108864"})
		}, "expected a memory limit above"},
		{"no control group", func() (agent.Effect, error) { return pids(t.TempDir()) }, `share "cgroup"`},
		{"no file for it", func() (agent.Effect, error) { return pids(group(t, map[string]string{"cpu/cpu.stat": ""})) }, "this kernel cannot limit that"},
		{"no number", func() (agent.Effect, error) { return cpu(group(t, v1), map[string]string{"permille": "ten"}) }, "want a whole number"},
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

func TestAGroupThatIsGoneHasNoLimits(t *testing.T) {
	root := group(t, v1)
	e, err := cpu(root, map[string]string{"permille": "200"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(root, "cpu")); err != nil {
		t.Fatal(err)
	}
	if err := e.Undo(t.Context(), map[string]string{"cpu.cfs_quota_us": "-1"}); err != nil {
		t.Errorf("Undo = %v", err)
	}
}
