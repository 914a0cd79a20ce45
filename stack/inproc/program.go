package inproc

import (
	"context"
	"fmt"
	"sync"

	"github.com/fournines/fournines/stack/platform/process"
)

// program is one life of a replica, from start to exit.
type program struct {
	gate           *gate
	traffic, admin *listener
	// terminate asks the program to stop in its own time.
	terminate context.CancelFunc
	killed    chan struct{}
	killOnce  sync.Once
	// exited is closed when nothing of the program runs any more; err is then
	// why it ended, nil for a regular end.
	exited chan struct{}
	err    error
}

// main is a program's code. It returns when ctx is done and it has drained, or
// soon after the sockets say that it was killed.
type main func(ctx context.Context, sockets process.Sockets, link func(context.Context) error) error

// launch starts a program on the given addresses, or on free ones. ended is
// called once it is over.
func launch(run main, traffic, admin string, ended func(*program)) (*program, error) {
	p := &program{gate: newGate(), killed: make(chan struct{}), exited: make(chan struct{})}
	var err error
	if p.traffic, err = listen(traffic, p.gate); err != nil {
		return nil, fmt.Errorf("listen for traffic: %w", err)
	}
	if p.admin, err = listen(admin, p.gate); err != nil {
		p.traffic.sever()
		return nil, fmt.Errorf("listen for admin: %w", err)
	}
	ctx, terminate := context.WithCancel(context.Background())
	p.terminate = terminate
	sockets := process.Sockets{Traffic: p.traffic, Admin: p.admin, Killed: p.killed}
	go func() {
		defer close(p.exited)
		defer terminate()
		p.err = run(ctx, sockets, p.gate.pass)
		p.gate.cutOff()
		p.traffic.sever()
		p.admin.sever()
		ended(p)
	}()
	return p, nil
}

// kill ends the program at once: its ports close, its connections are reset,
// and nothing more leaves it.
func (p *program) kill() {
	p.killOnce.Do(func() {
		p.gate.cutOff() // first: a program that notices its end must not say farewell
		close(p.killed)
		p.traffic.sever()
		p.admin.sever()
		p.terminate()
	})
}

// how says for people how the program ended; it has exited.
func (p *program) how() string {
	select {
	case <-p.killed:
		return "exit code 137"
	default:
	}
	if p.err != nil {
		return fmt.Sprintf("exit code 1: %v", p.err)
	}
	return "exit code 0"
}
