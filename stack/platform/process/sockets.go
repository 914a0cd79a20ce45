package process

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/fournines/fournines/stack/platform/identity"
)

// Sockets are a program's two listeners and the switch that ends it hard.
type Sockets struct {
	// Traffic is where the API is served, Admin where the program is watched.
	// Whoever serves them closes them. Traffic is nil for a program whose
	// traffic is not HTTP and somebody else's to serve.
	Traffic, Admin net.Listener
	// Certificate is what Traffic shows to its clients; nil without TLS.
	Certificate *identity.File
	// Killed, once closed, ends the program without any farewell, as SIGKILL
	// ends a process. Nil is never closed.
	Killed <-chan struct{}
}

// Open opens the listeners that the options name, and the certificate.
func (o Options) Open() (Sockets, error) {
	var shown *identity.File
	if o.Certificate != "" {
		var err error
		if shown, err = identity.Open(o.Certificate); err != nil {
			return Sockets{}, err
		}
	}
	traffic, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return Sockets{}, fmt.Errorf("listen for traffic on %q: %w", o.Listen, err)
	}
	admin, err := net.Listen("tcp", o.Admin)
	if err != nil {
		return Sockets{}, errors.Join(fmt.Errorf("listen for admin on %q: %w", o.Admin, err), traffic.Close())
	}
	if shown != nil {
		traffic = tls.NewListener(traffic, shown.Config())
	}
	return Sockets{Traffic: traffic, Admin: admin, Certificate: shown}, nil
}

// OpenReached is Open for a program that registers: address is the host:port
// under which others reach its traffic, what the options advertise or else
// OwnAddress.
func (o Options) OpenReached(ctx context.Context) (sockets Sockets, address string, err error) {
	if sockets, err = o.Open(); err != nil || o.Advertise != "" {
		return sockets, o.Advertise, err
	}
	if address, err = OwnAddress(ctx, sockets.Traffic.Addr(), o.Registry); err != nil {
		return Sockets{}, "", errors.Join(err, sockets.Traffic.Close(), sockets.Admin.Close())
	}
	return sockets, address, nil
}
