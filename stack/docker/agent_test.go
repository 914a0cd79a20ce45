package docker_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/fournines/fournines/stack"
)

// host is a replica beside which agents can run.
type host interface {
	stack.Replica
	Agent(ctx context.Context, capabilities, shares []string) (io.ReadWriteCloser, error)
}

func hostNamed(t *testing.T, name string) host {
	t.Helper()
	r, ok := stack.Find(sharedStack.up(t), name)
	if !ok {
		t.Fatalf("there is no replica %q", name)
	}
	return r.(host)
}

func TestAgentHasWhatItNeedsAndNoMore(t *testing.T) {
	for _, tt := range []struct {
		shares []string
		capEff string
	}{
		{[]string{"net"}, "0000000000001000"}, // NET_ADMIN
		{[]string{"net", "pid", "volumes"}, "0000000000001000"},
	} {
		h := hostNamed(t, "etcd-1")
		l, err := h.Agent(t.Context(), []string{"NET_ADMIN"}, tt.shares)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(l, `{"id":1,"do":"prepare","spec":{"effect":"idle"}}`)
		answer, err := bufio.NewReader(l).ReadString('\n')
		if err != nil || !strings.Contains(answer, `"id":1}`) {
			t.Errorf("prepare: %q, %v", answer, err)
		}
		found, err := sharedStack.up(t).Agents(t.Context(), h.ID())
		if err != nil || len(found) != 1 {
			t.Fatalf("agents beside etcd-1: %v, %v", found, err)
		}
		if status, err := sharedStack.up(t).ProcessStatus(t.Context(), found[0]); err != nil || !strings.Contains(status, "CapEff:\t"+tt.capEff) || !strings.Contains(status, "NoNewPrivs:\t1") {
			t.Errorf("the agent's process: %v\n%s", err, status)
		}
		if err := l.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		if found, err := sharedStack.up(t).Agents(t.Context(), h.ID()); err != nil || len(found) != 0 {
			t.Errorf("agents that are left beside etcd-1: %v, %v", found, err)
		}
	}
}

func TestAgentRefusesAnUnknownShare(t *testing.T) {
	if _, err := hostNamed(t, "etcd-1").Agent(t.Context(), nil, []string{"sky"}); err == nil || !strings.Contains(err.Error(), `share "sky" with an agent`) {
		t.Errorf("Agent = %v", err)
	}
}

func TestAgentIsRestoredAfter(t *testing.T) {
	h := hostNamed(t, "etcd-1")
	l, err := h.Agent(t.Context(), nil, []string{"net"})
	if err != nil {
		t.Fatal(err)
	}
	if err := sharedStack.up(t).UndoAgent(t.Context(), h.ID(), map[string]string{"spec": `{"effect":"idle"}`, "before": "null", "shares": "net"}); err != nil {
		t.Error(err)
	}
	if _, err := io.ReadAll(l); err != nil {
		t.Errorf("the first agent's stream: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	err = sharedStack.up(t).UndoAgent(t.Context(), h.ID(), map[string]string{"spec": `{"effect":"none"}`, "before": "null", "shares": "net"})
	if err == nil || !strings.Contains(err.Error(), `unknown effect "none"`) {
		t.Errorf("undo of what nobody knows: %v", err)
	}
	if err := sharedStack.up(t).UndoAgent(t.Context(), strings.Repeat("0", 64), nil); err != nil {
		t.Errorf("undo beside a container that does not exist: %v", err)
	}
}
