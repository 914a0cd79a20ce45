package docker

import (
	"net"
	"testing"
)

func TestPortPicker(t *testing.T) {
	t.Run("no port is handed out twice and all can be listened on", func(t *testing.T) {
		p := newPortPicker("some-run")
		seen := make(map[uint16]bool)
		for range 50 {
			port, err := p.pick()
			if err != nil {
				t.Fatal(err)
			}
			if seen[port] || port < firstPort || port >= lastPort {
				t.Fatalf("port %d was handed out before, or is outside [%d, %d)", port, firstPort, lastPort)
			}
			seen[port] = true
		}
	})
	t.Run("a port in use is passed over", func(t *testing.T) {
		taken, err := newPortPicker("another-run").pick()
		if err != nil {
			t.Fatal(err)
		}
		l, err := net.Listen("tcp", hostPort(taken))
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		got, err := newPortPicker("another-run").pick()
		if err != nil || got == taken {
			t.Errorf("pick = %d, %v, want another port than %d", got, err, taken)
		}
	})
	t.Run("it says so when there is no port left", func(t *testing.T) {
		p := &portPicker{}
		if port, err := p.pick(); err == nil {
			t.Errorf("pick = %d, want an error", port)
		}
	})
}
