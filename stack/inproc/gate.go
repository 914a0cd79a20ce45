package inproc

import (
	"context"
	"errors"
	"sync"
)

// errCut is what a program sees that was killed.
var errCut = errors.New("the program was killed")

// gate is what a program's exchanges with the world go through: open, they
// pass; shut, they wait; cut, they fail for good. All methods may be called
// concurrently.
type gate struct {
	mu   sync.Mutex
	open chan struct{} // closed while the gate is open
	cut  chan struct{} // closed once the gate is cut
}

// newGate is open.
func newGate() *gate {
	g := &gate{open: make(chan struct{}), cut: make(chan struct{})}
	close(g.open)
	return g
}

// shut makes exchanges wait.
func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.open:
		g.open = make(chan struct{})
	default:
	}
}

// reopen lets exchanges pass, those that wait as well.
func (g *gate) reopen() {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-g.open:
	default:
		close(g.open)
	}
}

// cutOff makes exchanges fail, those that wait as well.
func (g *gate) cutOff() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.isCut() {
		close(g.cut)
	}
}

// pass returns nil when an exchange may go on.
func (g *gate) pass(ctx context.Context) error {
	g.mu.Lock()
	open := g.open
	g.mu.Unlock()
	if g.isCut() {
		return errCut
	}
	select {
	case <-g.cut:
		return errCut
	case <-ctx.Done():
		return ctx.Err()
	case <-open:
		return nil
	}
}

// isCut reports whether the gate is cut.
func (g *gate) isCut() bool {
	select {
	case <-g.cut:
		return true
	default:
		return false
	}
}
