package fault_test

import (
	"context"
	"crypto/rand"
	"io"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/bandwidth"
	"github.com/fournines/fournines/harness/agent/netcut"
	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/docker/dockertest"
)

// crashHost is a replica beside which agents run.
type crashHost interface {
	stack.Replica
	Agent(ctx context.Context, capabilities, shares []string) (io.ReadWriteCloser, error)
}

// TestNothingIsLeftOfAKilledCut ends an agent in the worst ways. Rules go with
// it; traffic control stays, until another agent restores it.
func TestNothingIsLeftOfAKilledCut(t *testing.T) {
	dockertest.Slow(t)
	dockertest.Require(t)
	st, err := docker.Up(t.Context(), docker.Options{RunID: "crash-" + rand.Text()[:10], NoController: true, Choices: stack.Choices{Components: stack.ForReaders()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { down(t, st) })
	r, _ := stack.Find(st, "catalog-2")
	h := r.(crashHost)
	cut := agent.Spec{Effect: netcut.Effect, Args: netcut.Config{In: true, Out: true}.Args()}
	shaped := agent.Spec{Effect: bandwidth.Effect, Args: bandwidth.Config{Rate: 1e6, In: true, Out: true}.Args()}
	kill := func(t *testing.T, _ io.Closer) {
		out, err := exec.CommandContext(t.Context(), "docker", "ps", "-q", "--filter", "label=io.fournines.agent="+h.ID()).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range strings.Fields(string(out)) {
			if err := exec.CommandContext(t.Context(), "docker", "kill", id).Run(); err != nil {
				t.Fatal(err)
			}
		}
	}
	end := func(_ *testing.T, link io.Closer) { _ = link.Close() }
	for name, c := range map[string]struct {
		spec  agent.Spec
		end   func(*testing.T, io.Closer)
		stays bool
	}{
		"the harness dies, cut":          {cut, end, false},
		"the agent is killed, cut":       {cut, kill, false},
		"the harness dies, bandwidth":    {shaped, end, false},
		"the agent is killed, bandwidth": {shaped, kill, true},
	} {
		t.Run(name, func(t *testing.T) {
			link := beside(t, h)
			client := agent.Dial(link)
			before, err := client.Prepare(t.Context(), c.spec)
			if err != nil {
				t.Fatal(err)
			}
			if err := client.Apply(t.Context(), time.Minute); err != nil {
				t.Fatal(err)
			}
			if !there(t, h, c.spec) {
				t.Fatal("another agent does not see it in effect")
			}
			began := time.Now()
			c.end(t, link)
			_ = client.Close()
			ended := time.Since(began)
			if stays := there(t, h, c.spec); stays != c.stays {
				t.Errorf("it is there after that: %v", stays)
			}
			t.Logf("the agent and its container ended after %v, which another agent confirmed after %v", ended, time.Since(began))
			if !c.stays {
				return
			}
			restorer := agent.Dial(beside(t, h))
			if err := restorer.Restore(t.Context(), c.spec, before); err != nil {
				t.Error(err)
			}
			_ = restorer.Close()
			if there(t, h, c.spec) {
				t.Error("it is there after another agent restored what was before")
			}
		})
	}
	if err := h.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func beside(t *testing.T, h crashHost) io.ReadWriteCloser {
	t.Helper()
	link, err := h.Agent(t.Context(), []string{"NET_ADMIN"}, []string{"net"})
	if err != nil {
		t.Fatal(err)
	}
	return link
}

// there asks a fresh agent whether the kernel has anything of the effect.
func there(t *testing.T, h crashHost, s agent.Spec) bool {
	t.Helper()
	look := agent.Spec{Effect: netcut.Witness, Args: netcut.WitnessArgs(nil, time.Second)}
	if s.Effect == bandwidth.Effect {
		look = agent.Spec{Effect: bandwidth.Look, Args: s.Args}
	}
	c := agent.Dial(beside(t, h))
	defer c.Close()
	if _, err := c.Prepare(t.Context(), look); err != nil {
		t.Fatal(err)
	}
	seen, err := c.Seen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return seen.Counters["tables"]+seen.Counters["left"] > 0
}
