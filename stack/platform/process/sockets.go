package process

import (
	"errors"
	"fmt"
	"net"
)

// Sockets are a program's two listeners and the switch that ends it hard.
type Sockets struct {
	// Traffic is where the API is served, Admin where the program is watched.
	// Whoever serves them closes them.
	Traffic, Admin net.Listener
	// Killed, once closed, ends the program without any farewell, as SIGKILL
	// ends a process. Nil is never closed.
	Killed <-chan struct{}
}

// Open opens the listeners that the options name.
func (o Options) Open() (Sockets, error) {
	traffic, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return Sockets{}, fmt.Errorf("listen for traffic on %q: %w", o.Listen, err)
	}
	admin, err := net.Listen("tcp", o.Admin)
	if err != nil {
		return Sockets{}, errors.Join(fmt.Errorf("listen for admin on %q: %w", o.Admin, err), traffic.Close())
	}
	return Sockets{Traffic: traffic, Admin: admin}, nil
}
