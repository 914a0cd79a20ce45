package fault

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent"
)

// heldHost is a target with agents beside it that are real but for their effect:
// they break the host's state and restore it.
type heldHost struct {
	name string

	mu sync.Mutex
	// state is "whole" or "broken"; life is what it is called when nobody
	// broke it.
	state  string
	status string
	ready  error
	// What fails: starting the agent of that number (from 1; 0 none, -1 all),
	// Apply, Undo for so many times.
	noAgent    int
	applyFails bool
	stuck      int
	// deaf hosts do not break.
	deaf   bool
	agents []*fakeAgent
}

// fakeAgent is the harness's end of the stream to an agent.
type fakeAgent struct {
	net.Conn
	host  *heldHost
	dead  bool // guarded by the host: it was killed and does nothing any more
	ended chan struct{}
	// sent is what was written and the agent has not read yet: a stream to a
	// container has room for it.
	sent chan []byte
}

func newHeldHost(name string) *heldHost {
	return &heldHost{name: name, state: "whole", status: running}
}

func (h *heldHost) Name() string { return h.name }
func (h *heldHost) ID() string   { return "0123456789abcdef" }

func (h *heldHost) Status(ctx context.Context) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.status, ctx.Err()
}

func (h *heldHost) Ready(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return errors.Join(h.ready, ctx.Err())
}

func (h *heldHost) Agent(context.Context, []string, []string) (io.ReadWriteCloser, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.noAgent == len(h.agents)+1 || h.noAgent < 0 {
		return nil, errors.New("no room for an agent")
	}
	here, there := net.Pipe()
	a := &fakeAgent{Conn: here, host: h, ended: make(chan struct{}), sent: make(chan []byte, 1024)}
	h.agents = append(h.agents, a)
	table := agent.Table{
		"break": func(map[string]string) (agent.Effect, error) { return breaking{a}, nil },
		"watch": func(map[string]string) (agent.Effect, error) { return watching{h}, nil },
	}
	go func() {
		defer close(a.ended)
		_ = agent.Serve(context.Background(), there, there, table) // what it could not undo is seen at the host
		there.Close()
	}()
	go func() {
		for {
			select {
			case p := <-a.sent:
				if _, err := here.Write(p); err != nil {
					return
				}
			case <-a.ended:
				return
			}
		}
	}()
	return a, nil
}

func (a *fakeAgent) Write(p []byte) (int, error) {
	select {
	case <-a.ended:
		return 0, io.ErrClosedPipe
	case a.sent <- slices.Clone(p):
		return len(p), nil
	}
}

// Close ends the agent and waits for that, as a container's stream does.
func (a *fakeAgent) Close() error {
	err := a.Conn.Close()
	<-a.ended
	return err
}

// kill is SIGKILL: the agent does nothing any more.
func (a *fakeAgent) kill() {
	a.host.mu.Lock()
	a.dead = true
	a.host.mu.Unlock()
	_ = a.Close()
}

func (h *heldHost) with(do func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	do()
}

func (h *heldHost) is() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// first is the agent that was started first.
func (h *heldHost) first() *fakeAgent {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.agents[0]
}

// left counts the agents that have not ended.
func (h *heldHost) left() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, a := range h.agents {
		select {
		case <-a.ended:
		default:
			n++
		}
	}
	return n
}

// breaking breaks the host of its agent.
type breaking struct{ a *fakeAgent }

func (b breaking) Before(context.Context) (map[string]string, error) {
	return map[string]string{"state": b.a.host.is()}, nil
}

func (b breaking) Apply(context.Context) error {
	h := b.a.host
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.applyFails {
		return errors.New("it does not break")
	}
	if !h.deaf {
		h.state = "broken"
	}
	return nil
}

func (b breaking) Seen(context.Context) (agent.Seen, error) {
	state := b.a.host.is()
	return agent.Seen{Active: state == "broken", Detail: state}, nil
}

func (b breaking) Undo(_ context.Context, before map[string]string) error {
	h := b.a.host
	h.mu.Lock()
	defer h.mu.Unlock()
	if b.a.dead {
		return nil
	}
	if h.stuck > 0 {
		h.stuck--
		return errors.New("it is stuck")
	}
	h.state = before["state"]
	return nil
}

// watching looks at the host.
type watching struct{ h *heldHost }

func (w watching) Before(context.Context) (map[string]string, error) { return nil, nil }
func (w watching) Apply(context.Context) error                       { return nil }
func (w watching) Undo(context.Context, map[string]string) error     { return nil }
func (w watching) Seen(context.Context) (agent.Seen, error) {
	return agent.Seen{Active: true, Detail: w.h.is()}, nil
}

// held makes a fault of the hosts.
func held(t *testing.T, change func(*hold), hosts ...*heldHost) *heldFault {
	t.Helper()
	h := hold{
		action: "break", shares: []string{"net"}, capabilities: []string{"NET_ADMIN"},
		spec: func(context.Context, Host) (agent.Spec, error) { return agent.Spec{Effect: "break"}, nil },
		effective: func(_ context.Context, t Host, seen agent.Seen) (bool, string) {
			return t.(*heldHost).is() == "broken", "state " + seen.Detail
		},
	}
	if change != nil {
		change(&h)
	}
	var targets []Target
	for _, host := range hosts {
		targets = append(targets, host)
	}
	f, err := h.bind(Binding{Targets: targets, Lasts: leaseSlack})
	if err != nil {
		t.Fatal(err)
	}
	return f.(*heldFault)
}

// watched posts a witness beside each host.
func watched(h *hold) {
	sees := func(wanted string) func(agent.Seen) (bool, string) {
		return func(s agent.Seen) (bool, string) { return strings.HasPrefix(s.Detail, wanted), s.Detail }
	}
	h.witness = &witness{
		post: func(_ context.Context, t Host) (Host, *agent.Spec, error) {
			return t, &agent.Spec{Effect: "watch"}, nil
		},
		whole: sees("whole"), broken: sees("broken"),
	}
}

var _ harness.Injection = (*heldFault)(nil)
