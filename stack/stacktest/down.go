package stacktest

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
)

// checkDown takes the stack down twice and dials every address it had.
func checkDown(t *testing.T, st stack.Stack) {
	awaitReady(t, st)
	addresses := make(map[string]string)
	for _, endpoint := range append(names(st), stack.Edge, stack.EdgeStats, stack.Prometheus, stack.Registry) {
		if base, ok := st.URL(endpoint); ok {
			if u, err := url.Parse(base); err == nil {
				addresses[endpoint] = u.Host
			}
		}
	}
	events := make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { events <- st.Events(ctx, func(stack.Event) {}) }()

	twice(t, "Down", st.Down)
	for endpoint, address := range addresses {
		eventually(t, fmt.Sprintf("nothing listens on %s of %q", address, endpoint), func(ctx context.Context) error {
			var d net.Dialer
			conn, err := d.DialContext(ctx, "tcp", address)
			if err != nil {
				return nil
			}
			conn.Close()
			return fmt.Errorf("%s accepts connections after Down", address)
		})
	}
	cancel()
	select {
	case <-events: // an error is allowed: the stack went away beneath it
	case <-time.After(patience):
		t.Errorf("Events did not return within %v after Down and its context's end", patience)
	}
}
