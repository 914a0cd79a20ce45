//go:build !linux

package fidelity

import (
	"errors"
	"net"
	"time"
)

func wantStamps(*net.TCPListener) error {
	return errors.New("no kernel time stamps on this system")
}

// stampedReader reads from a connection and notes the time itself.
type stampedReader struct{ net.Conn }

func newStampedReader(c *net.TCPConn) (*stampedReader, error) { return &stampedReader{c}, nil }

func (r *stampedReader) read(p []byte) (n int, at time.Time, stamped bool, err error) {
	n, err = r.Read(p)
	return n, time.Now().Round(0), false, err
}
