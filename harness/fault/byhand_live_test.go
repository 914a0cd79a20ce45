package fault_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// TestWhatIsTypedByHandUndoesTheFault breaks two containers, leaves nobody who
// would undo it, and types what the recipe says: `fournines heal` cannot help,
// the rest has to.
func TestWhatIsTypedByHandUndoesTheFault(t *testing.T) {
	dockertest.Slow(t)
	if os.Getuid() != 0 {
		t.Skip("want root: limits of others are written")
	}
	p := newPair(t)
	for i, c := range []struct {
		action string
		values fault.Values
		// lives is true where the agents are not killed, and goes where a killed
		// agent takes everything along.
		lives, goes bool
	}{
		{"blackhole", nil, true, true},
		{"bandwidth", fault.Values{"rate": "1Mbit"}, false, false},
		{"cpu-throttle", fault.Values{"quota": "1%"}, true, false},
		{"cpu-throttle", fault.Values{"quota": "1%"}, false, false},
		{"memory-limit", fault.Values{"headroom": "8MiB"}, false, false},
		{"pid-exhaustion", nil, false, false},
		{"fd-exhaustion", nil, false, false},
		{"process-pause", nil, false, false},
		{"clock-offset", fault.Values{"offset": "-2h"}, false, false},
		{"disk-fill", fault.Values{"path": "/data"}, false, false},
		{"file-corrupt", fault.Values{"path": "/data/precious"}, false, false},
		{"file-truncate", fault.Values{"path": "/data/precious", "to": "1KiB"}, false, false},
		{"delay", fault.Values{"latency": "50ms"}, true, true},
	} {
		name := c.action + " of agents that were killed"
		if c.lives {
			name = c.action + " of agents that live"
		}
		t.Run(name, func(t *testing.T) {
			if i > 1 {
				dockertest.Slow(t)
			}
			before := p.outside(t)
			f, err := fault.New(c.action, fault.Binding{Values: c.values, Targets: p.targets(), Replicas: p.targets(), Lasts: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			undo, err := f.Prepare(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			in, err := f.Inject(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !c.goes && p.outside(t) == before {
				t.Errorf("nothing is seen of it from outside:\n%s", before)
			}
			if !c.lives {
				p.killAgents(t)
			}
			said := typed(t, undo.Command)
			if left := p.agents(t); left != "" {
				t.Errorf("agents that are left: %s", left)
			}
			if diff := cmp.Diff(before, p.outside(t)); diff != "" {
				t.Errorf("after %s\nwhich said %s\nit is not as before (-before +now):\n%s", undo.Command, said, diff)
			}
			if !c.lives {
				if again := typed(t, undo.Command); cmp.Diff(before, p.outside(t)) != "" {
					t.Errorf("typed again it changes something: %s", again)
				}
			}
			ctx, cancel := contextWithin(t, 30*time.Second)
			defer cancel()
			if err := in.Recover(ctx); err != nil {
				t.Errorf("Recover after it: %v", err)
			}
		})
	}
}

// typed runs a command as a person would who has no fournines at hand.
func typed(t *testing.T, command string) string {
	t.Helper()
	none := t.TempDir()
	if err := os.WriteFile(filepath.Join(none, "fournines"), []byte("#!/bin/sh\necho no journal >&2\nexit 5\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := contextWithin(t, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", "-c", command)
	cmd.Env = append(os.Environ(), "PATH="+none+":"+os.Getenv("PATH"))
	out, _ := cmd.CombinedOutput() // what it did is looked at from outside
	return string(out)
}

// pair are two small containers with a volume each.
type pair struct {
	*dockertest.Shop
	stack    *docker.Stack
	replicas []stack.Replica
}

func newPair(t *testing.T) pair {
	t.Helper()
	project := fmt.Sprintf("fournines-byhand-%d", os.Getpid())
	p := pair{Shop: dockertest.NewShop(t, project, 0)}
	precious := filepath.Join(t.TempDir(), "precious")
	if err := os.WriteFile(precious, []byte(strings.Repeat("worth keeping\n", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	for i := 1; i <= 2; i++ {
		volume := fmt.Sprintf("%s-%d", project, i)
		p.Docker("volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=16m", volume)
		t.Cleanup(func() { dockerQuiet(t, "volume", "rm", "--force", volume) })
		p.RunWith("web", i, []string{"--user", "0:0", "--volume", volume + ":/data", "--pids-limit", "60"},
			[]string{docker.LabelAllowFaults + "=" + docker.LabelAllowed, docker.LabelReady + "=8080/healthz"}, "web")
		p.Docker("cp", precious, p.Container("web", i)+":/data/precious")
		t.Cleanup(func() { dockerQuiet(t, "rm", "--force", p.Container("web", i)) }) // before its volume
	}
	st, err := docker.AttachCompose(t.Context(), project, docker.AttachOptions{AllowFaults: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	p.stack = st
	for _, name := range []string{"web-1", "web-2"} {
		r, ok := stack.Find(st, name)
		if !ok {
			t.Fatalf("no replica %q", name)
		}
		p.replicas = append(p.replicas, r)
	}
	return p
}

func (p pair) targets() []fault.Target { return []fault.Target{p.replicas[0], p.replicas[1]} }

// agents are the IDs of all beside the containers.
func (p pair) agents(t *testing.T) string {
	t.Helper()
	var all []string
	for _, r := range p.replicas {
		all = append(all, strings.Fields(p.Docker("ps", "--all", "--quiet", "--filter", "label=io.fournines.agent="+r.ID()))...)
	}
	return strings.Join(all, " ")
}

func (p pair) killAgents(t *testing.T) {
	t.Helper()
	all := strings.Fields(p.agents(t))
	if len(all) < len(p.replicas) {
		t.Fatalf("agents %v: want one beside each container", all)
	}
	dockerQuiet(t, append([]string{"rm", "--force"}, all...)...)
}

// look shows what the kernel has of the process $1 in the container $2. Whether
// it is stopped is one thing, whether it sleeps or runs another.
const look = `nsenter -t $1 -n sh -c 'tc qdisc; ip -br link' | sed 's/ *UNKNOWN.*//; s/ *UP .*//' | sort
grep -c '^State.*stopped' /proc/$1/status
grep 'open files' /proc/$1/limits
cd /proc/$1/root/data && ls -A && stat -c '%n %s %y' precious && sha256sum precious && stat -f -c %a .
for f in cpu.max cpu.cfs_quota_us cpu.cfs_period_us memory.max memory.limit_in_bytes memory.memsw.limit_in_bytes pids.max; do
	find /sys/fs/cgroup -path "*$2/$f" -o -path "*$2.scope/$f" | xargs -r cat
done`

// outside is what the machine's kernel and the engine show of the containers.
func (p pair) outside(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, r := range p.replicas {
		pid := p.Docker("inspect", "--format", "{{.State.Pid}}", r.ID())
		fmt.Fprintf(&b, "%s:\n", r.Name())
		out, err := exec.CommandContext(t.Context(), "sh", "-c", look, "-", pid, r.ID()).CombinedOutput()
		if err != nil {
			t.Fatalf("look at %s: %v: %s", r.Name(), err, out)
		}
		b.Write(out)
		if now, err := r.(fault.Clocked).Clock(t.Context()); err == nil {
			fmt.Fprintf(&b, "clock off by %v\n", time.Until(now).Round(time.Minute))
		}
	}
	return b.String()
}

func contextWithin(t testing.TB, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(t.Context()), d)
}

// dockerQuiet runs the docker command also when the test is over.
func dockerQuiet(t testing.TB, args ...string) {
	t.Helper()
	ctx, cancel := contextWithin(t, time.Minute)
	defer cancel()
	if out, err := exec.CommandContext(ctx, "docker", args...).CombinedOutput(); err != nil {
		t.Errorf("docker %s: %v: %s", args[0], err, out)
	}
}
