package inproc

import (
	"context"
	"net"
	"sync"
)

// listener is a program's port. Its connections go through the program's
// gate: while the gate is shut they are accepted and not answered, as those
// of a frozen process are.
type listener struct {
	net.Listener
	gate *gate

	mu    sync.Mutex
	conns map[*conn]struct{}
	gone  bool
}

// listen opens the port at address, or another one on the same host when that
// is taken.
func listen(address string, g *gate) (*listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		l, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, err
	}
	return &listener{Listener: l, gate: g, conns: make(map[*conn]struct{})}, nil
}

// Accept returns the next connection.
func (l *listener) Accept() (net.Conn, error) {
	raw, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: raw, of: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		c.reset()
		return nil, net.ErrClosed
	}
	l.conns[c] = struct{}{}
	return c, nil
}

// sever closes the port and resets all its connections.
func (l *listener) sever() {
	_ = l.Listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = true
	for c := range l.conns {
		c.reset()
	}
	clear(l.conns)
}

// conn is one accepted connection.
type conn struct {
	net.Conn
	of *listener
}

// Read passes the gate twice: what arrives while the program is frozen is not
// seen before it goes on.
func (c *conn) Read(p []byte) (int, error) {
	if err := c.of.gate.pass(context.Background()); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	if cut := c.of.gate.pass(context.Background()); cut != nil {
		return 0, cut
	}
	return n, err
}

func (c *conn) Write(p []byte) (int, error) {
	if err := c.of.gate.pass(context.Background()); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// Close ends the connection: with a reset when the program was killed.
func (c *conn) Close() error {
	c.of.mu.Lock()
	delete(c.of.conns, c)
	c.of.mu.Unlock()
	if c.of.gate.isCut() {
		c.reset()
		return nil
	}
	return c.Conn.Close()
}

// reset closes the connection with a reset instead of a farewell.
func (c *conn) reset() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Conn.Close()
}
