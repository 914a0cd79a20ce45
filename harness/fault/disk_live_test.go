package fault_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// newWithVolumes is a small container with a volume on the machine's disk that
// has a file in it, and one that is a file system of its own.
func newWithVolumes(t *testing.T) small {
	t.Helper()
	own := fmt.Sprintf("fournines-own-%d", os.Getpid())
	s := newSmallThen(t, func() {
		dockerQuiet(t, "volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=8m", own)
		t.Cleanup(func() { dockerQuiet(t, "volume", "rm", "--force", own) })
	}, "--user", "0:0", "--volume", "/data", "--volume", own+":/own")
	precious := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(precious, []byte(strings.Repeat("worth keeping\n", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	s.Docker("cp", precious, s.Container("web", 1)+":/data/precious")
	return s
}

// TestFaultsOfOneProcessAndItsDisk takes the rest of what an agent holds beside
// one container through its life; each fault sees to its own proofs, and what is
// seen in effect is looked for once more from the machine.
func TestFaultsOfOneProcessAndItsDisk(t *testing.T) {
	dockertest.Slow(t)
	s := newWithVolumes(t)
	content := func() string { return s.Docker("cp", s.Container("web", 1)+":/data/precious", "-") }
	whole := content()
	for _, c := range []struct {
		action string
		values fault.Values
		// while is looked at in effect; it may be nil.
		while func(t *testing.T)
	}{
		{"fd-exhaustion", nil, nil},
		{"clock-offset", fault.Values{"offset": "-90s"}, func(t *testing.T) {
			now, err := s.target.(fault.Clocked).Clock(t.Context())
			if off := time.Until(now); err != nil || off > -80*time.Second {
				t.Errorf("the clock is off by %v, %v", off, err)
			}
		}},
		{"disk-fill", fault.Values{"path": "/own"}, func(t *testing.T) {
			big := filepath.Join(t.TempDir(), "big")
			if err := os.WriteFile(big, make([]byte, 1<<20), 0o644); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.CommandContext(t.Context(), "docker", "cp", big, s.Container("web", 1)+":/own/big").CombinedOutput(); err == nil || !strings.Contains(string(out), "no space") {
				t.Errorf("1 MiB more into a full volume: %v: %s", err, out)
			}
		}},
		{"file-corrupt", fault.Values{"path": "/data/precious"}, func(t *testing.T) {
			if now := content(); now == whole || len(now) != len(whole) {
				t.Errorf("the file has %d bytes, as before: %v", len(now), now == whole)
			}
		}},
		{"file-truncate", fault.Values{"path": "/data/precious", "to": "1KiB"}, func(t *testing.T) {
			if now := content(); len(now) >= len(whole) {
				t.Errorf("the archive of the file has %d bytes, before it %d", len(now), len(whole))
			}
		}},
		{"io-throttle", fault.Values{"path": "/data", "rate": "512KiB"}, func(t *testing.T) {
			if now := s.file(t, "blkio.throttle.write_bps_device", "io.max"); !strings.Contains(now, "524288") {
				t.Errorf("the limits are %s", now)
			}
		}},
		{"io-stall", fault.Values{"path": "/data"}, nil},
	} {
		t.Run(c.action, func(t *testing.T) {
			effect, removal := life(t, s.bind(t, c.action, c.values), func() {
				if c.while != nil {
					c.while(t)
				}
			})
			if now := content(); now != whole {
				t.Errorf("the file is not as before: %d bytes, before it %d", len(now), len(whole))
			}
			t.Logf("effective after %v, removed after %v", effect.Round(time.Millisecond), removal.Round(time.Millisecond))
		})
	}
}

// TestAMemoryLimitThatKills lowers the limit all the way, and then lets the
// target need more: a second server of it.
func TestAMemoryLimitThatKills(t *testing.T) {
	dockertest.Slow(t)
	s := newSmall(t)
	limits := []string{"memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max"}
	before := s.file(t, limits...)
	f := s.bind(t, "memory-limit", fault.Values{"oom": "yes"})
	if _, err := f.Prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	in, err := f.Inject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 10 { // each is killed, or ends because the port is taken
			_ = exec.CommandContext(t.Context(), "docker", "exec", s.Container("web", 1), "/shop", "web").Run()
		}
	}()
	ctx, cancel := contextWithin(t, 30*time.Second)
	defer cancel()
	if err := in.Await(ctx); err != nil {
		t.Error(err)
	}
	<-done
	if err := in.Recover(ctx); err != nil {
		t.Fatal(err)
	}
	if now := s.file(t, limits...); now != before {
		t.Errorf("limits after it %s, want %s", now, before)
	}
}
