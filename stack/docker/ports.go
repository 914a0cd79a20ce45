package docker

import (
	"fmt"
	"hash/fnv"
	"net"
	"sync"
)

// Published ports are fixed for a run's life, so that an address stays good
// when a container is restarted. They lie below the range from which Linux
// takes the ports of outgoing connections (32768 on): a restart must not lose
// its port to somebody's connection.
const (
	firstPort = 20000
	lastPort  = 32000
)

// portPicker hands out free loopback ports, none twice. It may be used
// concurrently.
type portPicker struct {
	mu   sync.Mutex
	next int
	left int
}

// newPortPicker begins at a place that depends on the run, so that runs side
// by side seldom try the same port.
func newPortPicker(runID string) *portPicker {
	h := fnv.New32a()
	_, _ = h.Write([]byte(runID)) // never fails
	span := lastPort - firstPort
	return &portPicker{next: int(h.Sum32() % uint32(span)), left: span}
}

// pick returns a port that was free a moment ago.
func (p *portPicker) pick() (uint16, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.left > 0 {
		port := uint16(firstPort + p.next)
		p.next = (p.next + 1) % (lastPort - firstPort)
		p.left--
		l, err := net.Listen("tcp", hostPort(port))
		if err != nil {
			continue
		}
		if err := l.Close(); err != nil {
			return 0, fmt.Errorf("probe port %d: %w", port, err)
		}
		return port, nil
	}
	return 0, fmt.Errorf("find a free port on %s: every port from %d to %d is in use", loopback, firstPort, lastPort-1)
}
