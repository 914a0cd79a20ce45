package docker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

const (
	allowed   = docker.LabelAllowFaults + "=" + docker.LabelAllowed
	readyPage = docker.LabelReady + "=8080/healthz"
)

func attach(t *testing.T, project string, opts docker.AttachOptions) *docker.Stack {
	t.Helper()
	st, err := docker.AttachCompose(t.Context(), project, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return st
}

func TestAComposeProjectIsAStack(t *testing.T) {
	project := fmt.Sprintf("fournines-attach-%d", os.Getpid())
	shop := dockertest.NewShop(t, project, 2, allowed, readyPage, docker.LabelNode+"=a")
	st := attach(t, project, docker.AttachOptions{AllowFaults: true})

	if st.Kind() != stack.ComposeKind {
		t.Errorf("its kind is %q, want %q", st.Kind(), stack.ComposeKind)
	}
	var got []string
	for _, c := range st.Components() {
		for _, r := range c.Replicas {
			got = append(got, c.Name+" "+r.Name()+" "+r.Node())
			eventually(t, r.Name()+" is ready", r.Ready)
			if url, ok := st.URL(r.Name()); !ok || !strings.HasPrefix(url, "http://127.0.0.1:") {
				t.Errorf("URL(%q) = %q, %v", r.Name(), url, ok)
			}
		}
	}
	if diff := cmp.Diff([]string{"edge edge-1 ", "web web-1 a", "web web-2 a"}, got); diff != "" {
		t.Errorf("replicas (-want +got):\n%s", diff)
	}
	if _, ok := st.URL(stack.Edge); ok {
		t.Error("it has an endpoint of the reference platform")
	}

	web, _ := stack.Find(st, "web-1")
	events := make(chan stack.Event, 1024)
	following, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- st.Events(following, func(e stack.Event) { events <- e }) }()

	eventually(t, "its events are followed", func(ctx context.Context) error {
		if err := errors.Join(web.Pause(ctx), web.Unpause(ctx)); err != nil {
			return err
		}
		select {
		case <-events:
			return nil
		default:
			return errors.New("no event")
		}
	})
	for _, step := range []struct {
		verb   string
		do     func(context.Context) error
		status string
		ready  bool
		event  string
	}{
		{"kill", func(ctx context.Context) error { return web.Kill(ctx, "KILL") }, "exited", false, "died"},
		{"start", web.Start, "running", true, "started"},
		{"pause", web.Pause, "paused", false, "paused"},
		{"unpause", web.Unpause, "running", true, "unpaused"},
	} {
		if err := step.do(t.Context()); err != nil {
			t.Fatalf("%s: %v", step.verb, err)
		}
		eventually(t, "status after "+step.verb, func(ctx context.Context) error {
			status, err := web.Status(ctx)
			if err == nil && status != step.status {
				err = fmt.Errorf("status %q, want %q", status, step.status)
			}
			return err
		})
		eventually(t, "readiness after "+step.verb, func(ctx context.Context) error {
			if err := web.Ready(ctx); (err == nil) != step.ready {
				return fmt.Errorf("ready is %t, want %t: %s", err == nil, step.ready, fmt.Sprint(err))
			}
			return nil
		})
		for {
			e := <-events
			if e.Replica == "web-1" && e.Kind == step.event {
				break
			}
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Events: %v", err)
	}
	if url, ok := st.URL("web-1"); !ok {
		t.Errorf("after a restart its address is unknown: %q", url)
	}

	// A replica that is down is one that is down, not one less.
	shop.Docker("kill", shop.Container("web", 2))
	again := attach(t, project, docker.AttachOptions{})
	if down, ok := stack.Find(again, "web-2"); !ok {
		t.Error("a container that was killed is no replica any more")
	} else if status, err := down.Status(t.Context()); err != nil || status != "exited" {
		t.Errorf("status %q, %v, want exited", status, err)
	}
	if err := again.Down(t.Context()); err != nil {
		t.Error(err)
	}
	if status := shop.Docker("inspect", "--format", "{{.State.Status}}", shop.Container("edge", 1)); status != "running" {
		t.Errorf("after Down the edge is %s, want it running", status)
	}

	t.Run("what must not be broken refuses it", func(t *testing.T) {
		st := attach(t, project, docker.AttachOptions{})
		r, _ := stack.Find(st, "web-1")
		for verb, do := range map[string]func(context.Context) error{
			"kill":  func(ctx context.Context) error { return r.Kill(ctx, "KILL") },
			"pause": r.Pause, "start": r.Start, "unpause": r.Unpause,
		} {
			if err := do(t.Context()); err == nil || !strings.Contains(err.Error(), "attached read-only") {
				t.Errorf("%s: %v, want it refused", verb, err)
			}
		}
		if status, err := r.Status(t.Context()); err != nil || status != "running" {
			t.Errorf("status %q, %v, want running", status, err)
		}
	})
	t.Run("a project that is not there is named beside those that are", func(t *testing.T) {
		_, err := docker.AttachCompose(t.Context(), project+"x", docker.AttachOptions{})
		missing, ok := errors.AsType[*docker.NotThere](err)
		if !ok || !slices.Contains(missing.Known, project) {
			t.Errorf("error %v, want it to know %q", err, project)
		}
	})
}

func TestReadinessWithoutAPage(t *testing.T) {
	project := fmt.Sprintf("fournines-ports-%d", os.Getpid())
	shop := dockertest.NewShop(t, project, 1)
	// Its program refuses to start like this: the port is published, and dead.
	shop.Run("web", 2, []string{allowed}, "edge", "nowhere:1")
	st := attach(t, project, docker.AttachOptions{AllowFaults: true})

	web1, _ := stack.Find(st, "web-1")
	eventually(t, "an open port is ready", web1.Ready)
	if err := web1.Kill(t.Context(), "KILL"); err == nil {
		t.Error("a container without the opt-in label was killed")
	} else if !strings.Contains(err.Error(), allowed) {
		t.Errorf("the refusal does not name the label: %v", err)
	}
	web2, _ := stack.Find(st, "web-2")
	eventually(t, "an open port is ready", web2.Ready)
	if err := web2.Pause(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := web2.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "saw paused") {
		t.Errorf("a frozen container whose port still accepts: %v, want it not ready", err)
	}
	if err := web2.Unpause(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// attachToKept attaches to a kept stack that is up and leaves it as it was.
func attachToKept(t *testing.T, id string, up *docker.Stack) {
	t.Helper()
	st, err := docker.AttachKept(t.Context(), id, docker.AttachOptions{AllowFaults: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range up.Components() {
		for _, r := range c.Replicas {
			same, ok := stack.Find(st, r.Name())
			if !ok || same.ID() != r.ID() || same.Node() != r.Node() {
				t.Errorf("the attached stack has no %q like the one that was brought up: %v", r.Name(), same)
				continue
			}
			eventually(t, r.Name()+" is ready", same.Ready)
		}
	}
	for _, endpoint := range []string{stack.Edge, stack.EdgeStats, stack.Prometheus, stack.Registry, "catalog-3"} {
		want, _ := up.URL(endpoint)
		if got, _ := st.URL(endpoint); got != want {
			t.Errorf("URL(%q) = %q, want %q", endpoint, got, want)
		}
	}
	if diff := cmp.Diff(up.Versions(), st.Versions()); diff != "" {
		t.Errorf("versions (-up +attached):\n%s", diff)
	}
	if token, err := st.Token("attached"); err != nil || token == "" {
		t.Errorf("a token of the attached stack: %q, %v", token, err)
	} else if code, _ := send(t.Context(), t, st, token); code != 200 {
		t.Errorf("its gateways answer %d to the attached stack's token, want 200", code)
	}
	catalog, _ := stack.Find(st, "catalog-1")
	if err := errors.Join(catalog.Kill(t.Context(), "KILL"), catalog.Start(t.Context())); err != nil {
		t.Errorf("what fournines made it may break: %v", err)
	}
	eventually(t, "catalog-1 is back", catalog.Ready)

	if _, err := docker.AttachKept(t.Context(), id, docker.AttachOptions{}); err == nil || !strings.Contains(err.Error(), "another process uses it") {
		t.Errorf("a second attachment: %v, want it refused", err)
	}
	if f, ok := find(t, id); !ok || !f.Alive {
		t.Errorf("while it is attached List says %+v, want it alive", f)
	}
	if err := st.Down(t.Context()); err != nil {
		t.Error(err)
	}
	if f, ok := find(t, id); !ok || f.Alive || !f.Kept || len(f.Replicas) != replicasOf(up) {
		t.Errorf("after Down List says %+v, want the kept stack as it was", f)
	}
}
