package docker

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
)

func TestRenamed(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"catalog-1", "catalog-4"},
		{"http://catalog-1:8080/x", "http://catalog-4:8080/x"},
		{"catalog-12", "catalog-12"},
		{"my-catalog-1", "my-catalog-1"},
		{"catalog-1,catalog-1", "catalog-4,catalog-4"},
		{"", ""},
	} {
		if got := renamed(tt.text, "catalog-1", "catalog-4"); got != tt.want {
			t.Errorf("renamed(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestABlueprintCanBeMadeOfASibling(t *testing.T) {
	b := blueprint{
		Name: "fournines-r-catalog-1",
		Config: &container.Config{
			Hostname: "catalog-1", Env: []string{"NAME=catalog-1"},
			Cmd:    []string{"fournines", "platform", "catalog", "--name", "catalog-1", "--node", "a", "--registry", "etcd://etcd-1:2379"},
			Labels: map[string]string{labelReplica: "catalog-1", labelNode: "a", labelComponent: "catalog", labelRun: "r"},
		},
		HostConfig: &container.HostConfig{
			PortBindings: bindings(map[uint16]uint16{9090: 20001}),
			Mounts:       []mount.Mount{{Type: mount.TypeVolume, Source: "fournines-r-catalog-1", Target: "/data"}, {Type: mount.TypeBind, Source: "/certs", Target: "/certs"}},
		},
		Networks: map[string]string{"fournines-r-net": `{"Aliases":["catalog-1","catalog"]}`},
	}
	got, err := b.as("r", "catalog-1", "catalog-4", "c", func() (uint16, error) { return 20009, nil })
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"fournines", "platform", "catalog", "--name", "catalog-4", "--node", "c", "--registry", "etcd://etcd-1:2379"}; !cmp.Equal(got.Config.Cmd, want) {
		t.Errorf("command %q, want %q", got.Config.Cmd, want)
	}
	want := map[string]string{labelReplica: "catalog-4", labelNode: "c", labelComponent: "catalog", labelRun: "r", labelPlaced: "true"}
	if !cmp.Equal(got.Config.Labels, want) {
		t.Errorf("labels %v, want %v", got.Config.Labels, want)
	}
	for port, b := range got.HostConfig.PortBindings {
		if port.Num() != 9090 || len(b) != 1 || b[0].HostPort != "20009" || b[0].HostIP != loopback {
			t.Errorf("port %v is published as %v, want 20009 on the loopback address", port, b)
		}
	}
	if got.Name != "fournines-r-catalog-4" || got.Config.Hostname != "catalog-4" || got.Config.Env[0] != "NAME=catalog-4" {
		t.Errorf("name %q, host %q, environment %q: want those of catalog-4", got.Name, got.Config.Hostname, got.Config.Env)
	}
	if m := got.HostConfig.Mounts; m[0].Source != "fournines-r-catalog-4" || m[1].Source != "/certs" {
		t.Errorf("mounts %+v, want a volume of its own and the shared folder", m)
	}
	if text := got.Networks["fournines-r-net"]; !strings.Contains(text, `["catalog-4","catalog"]`) {
		t.Errorf("it is on the network as %s, want its own name and its component's", text)
	}
	if b.Config.Labels[labelReplica] != "catalog-1" || b.Config.Cmd[4] != "catalog-1" {
		t.Errorf("the sibling was changed: %+v", b.Config)
	}
}

func TestHoldsAreSeenByEverybodyUntilTheyAreLetGo(t *testing.T) {
	cache := t.TempDir()
	for range 2 {
		for _, h := range [][2]string{{holdNode, "b"}, {holdReplica, "etcd-1"}} {
			if err := hold(cache, "r", h[0], h[1], true); err != nil {
				t.Fatal(err)
			}
		}
	}
	all, err := held(cache, "r")
	if err != nil || !cmp.Equal(all, []string{"node-b", "replica-etcd-1"}) {
		t.Fatalf("held = %q, %v", all, err)
	}
	for _, tt := range []struct {
		replica, node string
		want          bool
	}{{"catalog-2", "b", true}, {"catalog-1", "a", false}, {"etcd-1", "a", true}, {"edge", "", false}} {
		if got := isHeld(all, tt.replica, tt.node); got != tt.want {
			t.Errorf("%s on node %q is held: %v, want %v", tt.replica, tt.node, got, tt.want)
		}
	}
	for range 2 {
		if err := hold(cache, "r", holdNode, "b", false); err != nil {
			t.Fatal(err)
		}
	}
	if all, _ := held(cache, "r"); !cmp.Equal(all, []string{"replica-etcd-1"}) {
		t.Errorf("held = %q after one was let go", all)
	}
	if err := forgetRun(cache, "r"); err != nil {
		t.Fatal(err)
	}
	if all, err := held(cache, "r"); err != nil || len(all) > 0 {
		t.Errorf("held = %q, %v after the run has ended", all, err)
	}
}

func TestAControllerIsItsProcessAndNoOther(t *testing.T) {
	sleeper := exec.Command("sleep", "60")
	if err := sleeper.Start(); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = sleeper.Process.Kill(); _ = sleeper.Wait() })
	pid := sleeper.Process.Pid
	c := &controller{runID: "r", dir: t.TempDir(), exits: &exits{}}
	own := controllerRecord{PID: pid, Began: processBegan(pid)}
	if err := c.write(own); err != nil {
		t.Fatal(err)
	}
	expect := func(want string) {
		t.Helper()
		check := func(ctx context.Context) error {
			got, err := c.Status(ctx)
			if err == nil && got != want {
				err = fmt.Errorf("status %q, want %q", got, want)
			}
			return err
		}
		if err := poll(t.Context(), check, func(context.Context) error { return nil }, func(err error) error { return err }); err != nil {
			t.Fatal(err)
		}
	}
	expect("running")
	for _, step := range []struct {
		do   func(context.Context) error
		want string
	}{{c.Pause, "paused"}, {c.Unpause, "running"}} {
		if err := step.do(t.Context()); err != nil {
			t.Fatal(err)
		}
		expect(step.want)
	}
	if err := c.write(controllerRecord{PID: pid, Began: "1"}); err != nil {
		t.Fatal(err)
	}
	expect("exited") // somebody else has the number
	if err := c.Kill(t.Context(), "KILL"); err != nil {
		t.Fatal(err)
	}
	if err := c.write(own); err != nil {
		t.Fatal(err)
	}
	expect("running") // and was left alone
}
