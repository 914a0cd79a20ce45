package fault_test

import (
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/fault"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
	"github.com/fournines/fournines/stack/inproc"
)

// A case is one fault against some replicas of a real stack.
type liveCase struct {
	action  string
	values  fault.Values
	targets []string
}

func TestFaultsOfTheEngineAgainstContainers(t *testing.T) {
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: "fault-" + rand.Text()[:10], NoController: true, Choices: stack.Choices{Components: stack.ForReaders()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	for i, c := range []liveCase{
		{"container-stop", fault.Values{"grace": "1s"}, []string{"gateway-1"}},
		{"container-restart", fault.Values{"grace": "2s"}, []string{"catalog-2"}},
		{"container-remove", nil, []string{"gateway-2", "etcd-3"}},
		{"network-disconnect", nil, []string{"catalog-3", "gateway-3"}},
		{"process-kill", nil, []string{"catalog-1"}},
		{"process-kill", fault.Values{"process": "haproxy", "signal": "KILL"}, []string{"edge"}},
		{"process-pause", nil, []string{"gateway-3"}},
		{"process-crash-loop", fault.Values{"interval": "1s"}, []string{"catalog-2"}},
		{"node-stop", nil, []string{"etcd-2", "catalog-2", "gateway-2"}},
		{"node-pause", nil, []string{"etcd-2", "catalog-2", "gateway-2"}},
		{"node-isolate", nil, []string{"etcd-1", "catalog-1", "gateway-1"}},
		{"zone-outage", nil, []string{"etcd-2", "catalog-2", "gateway-2", "etcd-3", "catalog-3", "gateway-3"}},
		{"quorum-loss", nil, []string{"etcd-1", "etcd-3"}},
		{"quorum-loss", fault.Values{"by": "kill"}, []string{"etcd-1", "etcd-2"}},
		{"leader-kill", nil, nil},
		// It has mapped the file, and is killed when it looks behind the cut.
		{"file-truncate", fault.Values{"path": "/data/etcd/member/snap/db", "to": "4KiB"}, []string{"etcd-3"}},
		{"lease-expiry", nil, []string{"catalog-2"}},
		{"stale-registration", nil, []string{"catalog-1"}},
		{"stale-registration", fault.Values{"answer": "silence"}, []string{"catalog-1", "catalog-3"}},
		{"prometheus-kill", nil, []string{"prometheus"}},
		{"scrape-outage", nil, []string{"prometheus"}},
		{"bad-config-rollout", nil, []string{"gateway-1"}},
		{"bad-config-rollout", fault.Values{"document": "wrong-service"}, []string{"gateway-2"}},
		{"rate-limit-too-low", nil, []string{"gateway-1"}},
		{"config-centre-outage", nil, []string{"gateway-1", "gateway-2", "gateway-3"}},
		{"alertmanager-kill", nil, []string{"alertmanager"}},
	} {
		if c.action == "leader-kill" {
			c.targets = leaders(t, st)
		}
		t.Run(c.action, func(t *testing.T) {
			if i > 0 {
				dockertest.Slow(t)
			}
			breakAndMend(t, st, c, nil)
		})
	}
	undoer, err := docker.NewUndoer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer undoer.Close()
	for i, c := range []liveCase{
		{"container-remove", nil, []string{"gateway-2", "etcd-3"}},
		{"network-disconnect", nil, []string{"catalog-3", "etcd-1"}},
		{"stale-registration", nil, []string{"catalog-1"}},
		{"node-pause", nil, []string{"etcd-2", "catalog-2", "gateway-2"}},
		{"process-pause", nil, []string{"etcd-3"}},
		{"file-truncate", fault.Values{"path": "/data/etcd/member/snap/db", "to": "4KiB"}, []string{"etcd-2"}},
		{"bad-config-rollout", fault.Values{"document": "short-timeout"}, []string{"gateway-3"}},
	} {
		t.Run("undo by its recipe alone: "+c.action, func(t *testing.T) {
			if i > 0 {
				dockertest.Slow(t)
			}
			breakAndMend(t, st, c, undoer)
		})
	}
}

func TestFaultsInOneProcess(t *testing.T) {
	st, err := inproc.Up(t.Context(), inproc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	for _, c := range []liveCase{
		{"container-kill", nil, []string{"gateway-1"}},
		{"container-pause", nil, []string{"gateway-1"}},
		{"container-stop", fault.Values{"grace": "3s"}, []string{"gateway-1"}},
		{"container-restart", fault.Values{"grace": "3s"}, []string{"catalog-2"}},
		{"node-stop", nil, []string{"catalog-2", "gateway-2"}},
		{"node-pause", nil, []string{"catalog-2", "gateway-2"}},
		{"zone-outage", nil, []string{"catalog-2", "gateway-2", "catalog-3", "gateway-3"}},
		{"lease-expiry", nil, []string{"catalog-2"}},
		{"stale-registration", nil, []string{"catalog-1", "catalog-3"}},
		{"process-crash-loop", fault.Values{"interval": "1s"}, []string{"catalog-2"}},
		{"bad-config-rollout", nil, []string{"gateway-1"}},
		{"bad-config-rollout", fault.Values{"document": "short-timeout"}, []string{"gateway-1"}},
		{"rate-limit-too-low", nil, []string{"gateway-3"}},
	} {
		t.Run(c.action, func(t *testing.T) { breakAndMend(t, st, c, nil) })
	}
	r, _ := stack.Find(st, "catalog-1")
	for _, action := range []string{"container-remove", "network-disconnect", "node-isolate", "leader-kill", "quorum-loss", "prometheus-kill", "scrape-outage", "alertmanager-kill", "process-kill", "process-pause"} {
		if _, err := fault.New(action, fault.Binding{Targets: []fault.Target{r}}); err == nil {
			t.Errorf("%s is possible in one process: want it refused", action)
		}
	}
}

// breakAndMend is the life of one fault: every promise of its own is its own
// proof, and afterwards every target is asked once more. With an undoer the
// fault is undone by its recipe before it is recovered: nothing is left to do.
func breakAndMend(t *testing.T, st stack.Stack, c liveCase, undoer *docker.Undoer) {
	t.Helper()
	b := fault.Binding{Values: c.values, Lasts: 20 * time.Second}
	for _, component := range st.Components() {
		for _, r := range component.Replicas {
			b.Replicas = append(b.Replicas, r)
		}
	}
	ids := map[string]string{}
	for _, name := range c.targets {
		r, ok := stack.Find(st, name)
		if !ok {
			t.Fatalf("no replica %q", name)
		}
		b.Targets, ids[name] = append(b.Targets, r), r.ID()
	}
	f, err := fault.New(c.action, b)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := f.Prepare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if passes := c.action == "lease-expiry" || c.action == "edge-reload"; len(undo.Steps) < len(c.targets) != passes {
		t.Errorf("undo %+v: want a step for every target", undo)
	}
	began := time.Now()
	in, err := f.Inject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Recover(context.WithoutCancel(t.Context())) })
	injected := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := in.Await(ctx); err != nil {
		t.Fatal(err)
	}
	proved := time.Now()
	for _, step := range undo.Steps {
		if undoer == nil {
			break
		}
		if err := undoer.Undo(t.Context(), docker.UndoStep{Op: step.Op, Target: step.Target, ID: step.ID, Args: step.Args}); err != nil {
			t.Errorf("undo by %+v: %v", step, err)
		}
	}
	ctx, cancel = context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := in.Recover(ctx); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: injected in %v, proved after %v, undone in %v", f, injected.Sub(began).Round(time.Millisecond),
		proved.Sub(began).Round(time.Millisecond), time.Since(proved).Round(time.Millisecond))
	for _, name := range c.targets {
		r, _ := stack.Find(st, name)
		if err := r.Ready(t.Context()); err != nil {
			t.Errorf("%q is not ready after the recovery: %v", name, err)
		}
		if made := r.ID() != ids[name]; made != (c.action == "container-remove") {
			t.Errorf("%q had ID %s and has %s", name, ids[name], r.ID())
		}
	}
}

// leaders are the replicas that lead.
func leaders(t *testing.T, st *docker.Stack) []string {
	t.Helper()
	roles, err := st.Roles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for name, role := range roles {
		if role == "leader" {
			all = append(all, name)
		}
	}
	return all
}

func down(t testing.TB, st stack.Stack) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	if err := st.Down(ctx); err != nil {
		t.Error(err)
	}
}
