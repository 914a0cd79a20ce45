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
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

func TestACrashLoopKillsAgainAndAgainUntilItIsRecovered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReplica("catalog-1")
		in := inject(t, bind(t, "process-crash-loop", map[string]string{"interval": "2s"}, r))
		if err := in.Await(within(t, time.Second)); err != nil {
			t.Fatal(err)
		}
		<-time.After(9 * time.Second)
		for range 2 {
			if err := in.Recover(within(t, 30*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		<-time.After(time.Minute)
		if !r.whole() {
			t.Errorf("the target is not whole a minute after Recover: %v", r.calls)
		}
		kills := 0
		for _, call := range r.calls {
			if call == "kill KILL" {
				kills++
			}
		}
		if kills != 5 {
			t.Errorf("killed %d times in 9 s, want at once and then every 2 s: %v", kills, r.calls)
		}
	})
}

func TestACrashLoopEndsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReplica("catalog-1")
		f, err := New("process-crash-loop", Binding{Values: Values{"interval": "1s"}, Targets: []Target{r}, Lasts: 10 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		in := inject(t, f)
		<-time.After(10*time.Second + leaseSlack + time.Second)
		r.mu.Lock()
		calls := len(r.calls)
		r.mu.Unlock()
		<-time.After(time.Minute)
		if got := len(r.calls); got != calls {
			t.Errorf("it goes on: %v", r.calls[calls:])
		}
		if err := in.Recover(within(t, 30*time.Second)); err != nil || !r.whole() {
			t.Errorf("Recover = %v, whole %v", err, r.whole())
		}
	})
}

func TestACrashLoopIsNotFooledByItsOwnLastKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReplica("catalog-1")
		r.dyingFor = 900 * time.Millisecond
		in := inject(t, bind(t, "process-crash-loop", map[string]string{"interval": "2s"}, r))
		if err := in.Await(within(t, 2*time.Second)); err != nil {
			t.Fatal(err)
		}
		<-time.After(4*time.Second - 850*time.Millisecond) // a kill was sent and has not taken hold
		if err := in.Recover(within(t, 30*time.Second)); err != nil {
			t.Fatal(err)
		}
		<-time.After(5 * time.Second)
		if !r.whole() {
			t.Errorf("Recover returned while the target was about to die: %v", r.calls)
		}
	})
}

// host is a replica with agents beside it, which know the effects of this
// test.
type host struct {
	*replica
	mu    sync.Mutex
	asked []agent.Spec
	// policy is that of a container that is restarted when it crashes.
	policy bool
	stuck  bool
}

// signals is an effect that reports to its host what it is asked to do.
type signals struct {
	h      *host
	spec   agent.Spec
	active bool
}

func (s *signals) Before(context.Context) (map[string]string, error) {
	if s.spec.Args["name"] == "nobody" {
		return nil, errors.New("saw none")
	}
	return map[string]string{"processes": "100:1"}, nil
}

func (s *signals) Apply(ctx context.Context) error {
	s.active = !s.h.stuck
	if s.h.stuck || s.spec.Args["name"] != "" {
		return nil
	}
	if s.spec.Effect == stopEffect {
		return s.h.Pause(ctx)
	}
	s.h.die()
	if s.h.policy {
		return s.h.Start(ctx)
	}
	return nil
}

func (s *signals) Seen(context.Context) (agent.Seen, error) {
	return agent.Seen{Active: s.active, Detail: "asked"}, nil
}

func (s *signals) Undo(ctx context.Context, _ map[string]string) error {
	s.active = false
	if s.spec.Effect == stopEffect {
		return s.h.Unpause(ctx)
	}
	return nil
}

func (h *host) Agent(_ context.Context, capabilities, shares []string) (io.ReadWriteCloser, error) {
	if !slices.Equal(capabilities, []string{"KILL"}) || !slices.Equal(shares, []string{"host-pid"}) {
		return nil, errors.New("want KILL in the engine's process namespace and no more")
	}
	effect := func(name string) func(map[string]string) (agent.Effect, error) {
		return func(args map[string]string) (agent.Effect, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			spec := agent.Spec{Effect: name, Args: args}
			h.asked = append(h.asked, spec)
			return &signals{h: h, spec: spec}, nil
		}
	}
	ours, theirs := net.Pipe()
	go func() {
		defer theirs.Close()
		_ = agent.Serve(context.Background(), theirs, theirs, agent.Table{stopEffect: effect(stopEffect), signalEffect: effect(signalEffect)})
	}()
	return ours, nil
}

func newHost(name string) *host { return &host{replica: newReplica(name)} }

func TestProcessKillAsksAnAgent(t *testing.T) {
	for name, tt := range map[string]struct {
		values Values
		policy bool
	}{
		"main process":                       {nil, false},
		"main process with a restart policy": {Values{"signal": "SEGV"}, true},
		"a process by its name":              {Values{"process": "worker", "signal": "TERM"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHost("catalog-1")
			h.policy = tt.policy
			f, err := New("process-kill", Binding{Values: tt.values, Targets: []Target{h}})
			if err != nil {
				t.Fatal(err)
			}
			completes(t, f)
			if !h.whole() {
				t.Errorf("the target is not whole: %v", h.calls)
			}
			want := agent.Spec{Effect: signalEffect, Args: map[string]string{"container": h.ID(), "name": tt.values["process"], "signal": "KILL"}}
			if s := tt.values["signal"]; s != "" {
				want.Args["signal"] = s
			}
			if len(h.asked) != 1 || h.asked[0].Effect != want.Effect || strings.Join(argsOf(h.asked[0]), " ") != strings.Join(argsOf(want), " ") {
				t.Errorf("asked for %+v, want %+v", h.asked, want)
			}
			started := slices.Contains(h.calls, "start")
			if wants := name == "main process" || tt.policy; started != wants {
				t.Errorf("calls = %v, want it started: %v", h.calls, wants)
			}
		})
	}
}

func argsOf(s agent.Spec) []string {
	return []string{s.Args["container"], s.Args["name"], s.Args["signal"]}
}

func TestProcessPauseIsHeldByAnAgent(t *testing.T) {
	h := newHost("catalog-1")
	f, err := New("process-pause", Binding{Targets: []Target{h}})
	if err != nil {
		t.Fatal(err)
	}
	undo := prepare(t, f)
	if len(undo.Steps) != 1 || undo.Steps[0].Op != "agent" || undo.Steps[0].Args["shares"] != "host-pid" || !strings.Contains(undo.Steps[0].Args["before"], "100:1") {
		t.Errorf("undo = %+v, want what another agent needs", undo)
	}
	in := inject(t, f)
	if err := in.Await(within(t, 5*time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := in.Recover(within(t, 30*time.Second)); err != nil || !h.whole() {
		t.Errorf("Recover = %v, whole %v", err, h.whole())
	}
}

func TestProcessFaultsWantProofAndAProcess(t *testing.T) {
	for _, action := range []string{"process-kill", "process-pause"} {
		h := newHost("catalog-1")
		h.stuck = true
		f, err := New(action, Binding{Targets: []Target{h}})
		if err != nil {
			t.Fatal(err)
		}
		prepare(t, f)
		in := inject(t, f)
		if err := in.Await(within(t, 300*time.Millisecond)); err == nil {
			t.Errorf("%s: a process that nothing happened to was taken for hit", action)
		}
		if action == "process-pause" { // it holds an agent
			_ = in.Recover(within(t, 30*time.Second))
		}

		f, err = New(action, Binding{Values: Values{"process": "nobody"}, Targets: []Target{newHost("catalog-2")}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Prepare(t.Context())
		if err == nil {
			_, err = f.Inject(t.Context())
		}
		if err == nil || !strings.Contains(err.Error(), "saw none") {
			t.Errorf("%s: a process that does not exist: error = %v, want that said", action, err)
		}
		if _, err := New(action, Binding{Values: Values{"process": "a b"}, Targets: []Target{h}}); err == nil || !strings.Contains(err.Error(), "the name of a process") {
			t.Errorf("%s: error = %v, want the name refused", action, err)
		}
		if _, err := New(action, Binding{Targets: []Target{newReplica("catalog-1")}}); err == nil {
			t.Errorf("%s is possible without agents: want it refused", action)
		}
	}
}
