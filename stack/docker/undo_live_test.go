package docker_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// The engine alone is asked, by the docker command, what became of a
// container; the Undoer knows its ID and nothing else.
func TestUndoRestoresWhateverBecameOfTheContainer(t *testing.T) {
	project := fmt.Sprintf("fournines-undo-%d", os.Getpid())
	shop := dockertest.NewShop(t, project, 0, allowed, readyPage)
	undoer, err := docker.NewUndoer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer undoer.Close()
	network := project + "_default"
	for i, tt := range []struct {
		rule string
		// breaks and what happens to the container, $ is its name
		before []string
		op     string
		want   string // what docker says of it afterwards
		ready  bool
	}{
		{"one that was killed is started, and ready", []string{"kill $"}, "start", "running", true},
		{"one that runs is left as it is", nil, "start", "running", true},
		{"one that was killed and started by somebody else", []string{"kill $", "start $"}, "start", "running", true},
		{"one that was killed and lost its network runs", []string{"kill $", "network disconnect " + network + " $"}, "start", "running", false},
		{"one that lost its network before it was killed", []string{"network disconnect " + network + " $", "kill $"}, "start", "running", false},
		{"one that was paused is thawed, and ready", []string{"pause $"}, "unpause", "running", true},
		{"one that was thawed already", []string{"pause $", "unpause $"}, "unpause", "running", true},
		{"one that was paused and then restarted", []string{"pause $", "unpause $", "restart -t 0 $"}, "unpause", "running", true},
		{"one that ended while it was paused is not frozen, and stays ended", []string{"pause $", "unpause $", "kill $"}, "unpause", "exited", false},
		{"one that does not exist any more, and was to be started", []string{"rm -f $"}, "start", "", false},
		{"one that does not exist any more, and was to be thawed", []string{"pause $", "rm -f $"}, "unpause", "", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			shop.Run("web", i+1, []string{allowed, readyPage}, "web")
			name := shop.Container("web", i+1)
			id := shop.Docker("inspect", "--format", "{{.Id}}", name)
			for _, command := range tt.before {
				shop.Docker(strings.Fields(strings.ReplaceAll(command, "$", name))...)
			}
			step := docker.UndoStep{Op: tt.op, Target: name, ID: id}
			for range 2 { // the second time there is nothing to do
				if err := undoer.Undo(t.Context(), step); err != nil {
					t.Fatal(err)
				}
			}
			if got := shop.Docker("ps", "--all", "--filter", "id="+id, "--format", "{{.State}}"); got != tt.want {
				t.Errorf("it is %q, want %q", got, tt.want)
			}
			if tt.ready {
				port := shop.Docker("port", name, "8080/tcp")
				if _, err := get(t.Context(), "http://"+strings.Fields(port)[0]+"/healthz"); err != nil {
					t.Errorf("undone, and not ready: %v", err)
				}
			}
		})
	}
}

func TestUndoSaysWhatKeepsAContainerFromComingBack(t *testing.T) {
	project := fmt.Sprintf("fournines-undone-%d", os.Getpid())
	shop := dockertest.NewShop(t, project, 0, allowed, readyPage)
	shop.Run("web", 1, []string{docker.LabelReady + "=8080/gone"}, "edge", "nowhere:1")
	id := shop.Docker("inspect", "--format", "{{.Id}}", shop.Container("web", 1))
	undoer, err := docker.NewUndoer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer undoer.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	err = undoer.Undo(ctx, docker.UndoStep{Op: "start", Target: "web-1", ID: id})
	if err == nil || !strings.Contains(err.Error(), "/gone") || !strings.Contains(err.Error(), "expected status 200") {
		t.Errorf("got %v; want what it should have answered", err)
	}
	err = undoer.Undo(t.Context(), docker.UndoStep{Op: "reverse", Target: "web-1", ID: id})
	if err == nil || !strings.Contains(err.Error(), `undo by "reverse": want one of agent,`) {
		t.Errorf("got %v; want the operations that there are", err)
	}
}

func TestSweepRunLeavesLivingRunsAndOthersAlone(t *testing.T) {
	dockertest.Require(t)
	swept, err := docker.SweepRun(t.Context(), "no-such-run")
	if err != nil || swept.Containers != 0 {
		t.Errorf("of a run that is not there: %+v, %v; want nothing done", swept, err)
	}
}

func TestSweepAgentsEndsThoseOfDeadRunsAlone(t *testing.T) {
	project := fmt.Sprintf("fournines-agents-%d", os.Getpid())
	shop := dockertest.NewShop(t, project, 0)
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	agent := "io.fournines.agent=0123456789ab"
	dead := []string{agent, "io.fournines.run=" + project, "io.fournines.host=" + host, "io.fournines.lock=" + t.TempDir() + "/none"}
	shop.Run("web", 1, dead, "web")
	shop.Run("web", 2, []string{agent}, "web") // nobody's, and young
	orphan := shop.Docker("inspect", "--format", "{{.Id}}", shop.Container("web", 1))
	// Its process died before it could be started.
	numbers, _ := os.Readlink("/proc/self/ns/pid") // none elsewhere than on Linux
	image := shop.Docker("inspect", "--format", "{{.Image}}", shop.Container("web", 1))
	starter := fmt.Sprintf("io.fournines.starter=%s %s %d 1", host, numbers, 1<<22)
	begun := shop.Docker("create", "--label", agent, "--label", starter, image, "web")
	t.Cleanup(func() { _ = exec.Command("docker", "rm", "--force", begun).Run() }) // or it is gone, as it should be
	swept, err := docker.SweepAgents(t.Context())
	want := map[string]string{orphan: project, begun: ""}
	if runtime.GOOS != "linux" {
		delete(want, begun)
	}
	got := map[string]string{}
	for _, a := range swept {
		got[a.ID] = a.RunID
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("swept %v, %v; want %v: the agent of the dead run, and the one that was never started", got, err, want)
	}
	if left := shop.Docker("ps", "--all", "--filter", "label="+agent, "--format", "{{.Names}}"); left != shop.Container("web", 2) {
		t.Errorf("left %q, want the one that may be in use", left)
	}
}
