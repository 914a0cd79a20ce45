package inproc

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/platform/config"
	"github.com/fournines/fournines/stack/platform/registry"
)

// Statuses of a replica.
const (
	running = "running"
	paused  = "paused"
	exited  = "exited"
)

// replica is one program that can be started again and again.
type replica struct {
	name, component, node string
	run                   main
	registry              *registry.Memory
	documents             *config.Memory
	emit                  func(stack.Event)
	// moved is called with the new address of the traffic port after each
	// start; it may be nil.
	moved func(address string)

	mu      sync.Mutex
	program *program // of the present or the last life; nil before the first
	status  string
	lives   int
	// asked is true when TERM arrived while the program was frozen.
	asked bool
	// closed is true after the stack went down.
	closed bool
}

var _ stack.Replica = (*replica)(nil)

func (r *replica) Name() string      { return r.name }
func (r *replica) Component() string { return r.component }
func (r *replica) Node() string      { return r.node }

// ID is the same for all lives of the replica.
func (r *replica) ID() string { return "inproc/" + r.name }

// Start gives the replica a new life, on the ports of the last one if they are
// still free.
func (r *replica) Start(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return fmt.Errorf("start %q: the stack is down", r.name)
	}
	if r.status != exited {
		return nil
	}
	traffic, admin := "127.0.0.1:0", "127.0.0.1:0"
	if r.program != nil {
		traffic, admin = r.program.traffic.Addr().String(), r.program.admin.Addr().String()
	}
	p, err := launch(r.run, traffic, admin, r.ended)
	if err != nil {
		return fmt.Errorf("start %q: %w", r.name, err)
	}
	r.program, r.asked = p, false
	r.lives++
	r.become(running, "started", "")
	if r.moved != nil {
		r.moved(p.traffic.Addr().String())
	}
	return nil
}

// ended notes that a program is over.
func (r *replica) ended(p *program) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.become(exited, "died", p.how())
}

// become changes the status and says so; r.mu is held.
func (r *replica) become(status, kind, detail string) {
	r.status = status
	r.emit(stack.Event{Time: time.Now(), Replica: r.name, Kind: kind, Detail: detail})
}

// Kill sends KILL, TERM or INT. With KILL it returns when the program is over.
func (r *replica) Kill(ctx context.Context, signal string) error {
	r.mu.Lock()
	p := r.program
	status := r.status
	frozen := status == paused
	switch name := strings.TrimPrefix(signal, "SIG"); {
	case name != "KILL" && name != "TERM" && name != "INT":
		r.mu.Unlock()
		return fmt.Errorf("kill %q: signal %q is not known here, want KILL, TERM or INT", r.name, signal)
	case status == exited:
		r.mu.Unlock()
		return nil
	case name != "KILL":
		r.asked = r.asked || frozen
		r.mu.Unlock()
		if !frozen {
			p.terminate()
		}
		return nil
	}
	r.mu.Unlock()
	p.kill()
	select {
	case <-p.exited:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("kill %q: its end was not seen: %w", r.name, ctx.Err())
	}
}

// Pause freezes the replica's exchanges with the world: its connections are
// accepted and not answered, and its lease is not kept alive.
func (r *replica) Pause(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.status {
	case exited:
		return fmt.Errorf("pause %q: it does not run", r.name)
	case running:
		r.program.gate.shut()
		r.become(paused, "paused", "")
	}
	return nil
}

// Unpause lets a paused replica go on.
func (r *replica) Unpause(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch r.status {
	case exited:
		return fmt.Errorf("unpause %q: it does not run", r.name)
	case paused:
		r.program.gate.reopen()
		r.become(running, "unpaused", "")
		if r.asked {
			r.program.terminate()
		}
	}
	return nil
}

// Status is running, paused or exited.
func (r *replica) Status(context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.status, nil
}

// close ends the replica for good.
func (r *replica) close() {
	r.mu.Lock()
	r.closed = true
	p := r.program
	r.mu.Unlock()
	if p != nil {
		p.kill()
		<-p.exited
	}
}
