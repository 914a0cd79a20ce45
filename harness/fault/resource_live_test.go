package fault_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// small is a container of a few megabytes that faults may hit.
type small struct {
	*dockertest.Shop
	stack  *docker.Stack
	target stack.Replica
}

// newSmall starts it; flags are further flags of docker run.
func newSmall(t testing.TB, flags ...string) small {
	t.Helper()
	return newSmallThen(t, func() {}, flags...)
}

// newSmallThen is newSmall that first makes what the flags name.
func newSmallThen(t testing.TB, first func(), flags ...string) small {
	t.Helper()
	project := fmt.Sprintf("fournines-resource-%d", os.Getpid())
	first() // removed after the container
	shop := dockertest.NewShop(t, project, 0)
	shop.RunWith("web", 1, flags, []string{docker.LabelAllowFaults + "=" + docker.LabelAllowed, docker.LabelReady + "=8080/healthz"}, "web")
	st, err := docker.AttachCompose(t.Context(), project, docker.AttachOptions{AllowFaults: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	target, ok := stack.Find(st, "web-1")
	if !ok {
		t.Fatal("no replica web-1")
	}
	return small{shop, st, target}
}

// bind makes a fault against the container.
func (s small) bind(t testing.TB, action string, values fault.Values) harness.Fault {
	t.Helper()
	f, err := fault.New(action, fault.Binding{Values: values, Targets: []fault.Target{s.target}, Lasts: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// file reads a file of the container's control group; "" when there is none.
func (s small) file(t testing.TB, names ...string) string {
	t.Helper()
	got, err := s.target.(fault.Grouped).Cgroup(t.Context(), names...)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(got)
}

// traffic asks the container for its page, one request after the other, until
// the test ends.
func (s small) traffic(t testing.TB) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	url, ok := s.stack.URL("web-1")
	if !ok {
		t.Fatal("web-1 publishes no port")
	}
	go func() {
		defer close(done)
		client := http.Client{Timeout: 5 * time.Second}
		defer client.CloseIdleConnections()
		for ctx.Err() == nil {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/", nil)
			if err != nil {
				return
			}
			if response, err := client.Do(r); err == nil {
				response.Body.Close()
			}
		}
	}()
	t.Cleanup(func() { cancel(); <-done })
}

// life takes a fault through its whole life; while is called when it is in
// effect.
func life(t testing.TB, f harness.Fault, while func()) (effect, removal time.Duration) {
	t.Helper()
	undo, err := f.Prepare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(undo.Steps) == 0 || undo.Command == "" {
		t.Errorf("undo %+v: want steps and a command", undo)
	}
	began := time.Now()
	in, err := f.Inject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	undone := false
	defer func() {
		if !undone {
			_ = in.Recover(context.WithoutCancel(t.Context()))
		}
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := in.Await(ctx); err != nil {
		t.Fatal(err)
	}
	effect = time.Since(began)
	while()
	began = time.Now()
	for range 2 { // it is idempotent
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := in.Recover(ctx); err != nil {
			t.Fatal(err)
		}
		if removal == 0 {
			removal = time.Since(began)
		}
	}
	undone = true
	return effect, removal
}

func TestFaultsOfTheControlGroupAgainstAContainer(t *testing.T) {
	s := newSmall(t, "--pids-limit", "60")
	s.traffic(t)
	limits := []string{"cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.max", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.max", "pids.max"}
	before := s.file(t, limits...)
	if strings.Count(before, ":") < 3 {
		t.Fatalf("limits before: %s", before)
	}
	for i, c := range []struct {
		action  string
		values  fault.Values
		changes bool
	}{
		{"cpu-throttle", fault.Values{"quota": "2%"}, true},
		{"cpu-hog", fault.Values{"workers": "2", "load": "50%"}, false},
		{"memory-limit", fault.Values{"headroom": "16MiB"}, true},
		{"memory-hog", fault.Values{"size": "24MiB"}, false},
		{"pid-exhaustion", nil, true},
	} {
		t.Run(c.action, func(t *testing.T) {
			if i > 0 {
				dockertest.Slow(t)
			}
			effect, removal := life(t, s.bind(t, c.action, c.values), func() {
				if now := s.file(t, limits...); (now != before) != c.changes {
					t.Errorf("limits in effect %s, before it %s", now, before)
				}
			})
			if now := s.file(t, limits...); now != before {
				t.Errorf("limits after it %s, want %s", now, before)
			}
			t.Logf("effective after %v, removed after %v", effect.Round(time.Millisecond), removal.Round(time.Millisecond))
		})
	}
}
