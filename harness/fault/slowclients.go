package fault

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/loopback"
)

func slowClients() Kind {
	return Kind{
		Action:  "slow-clients",
		Summary: "clients that never finish their requests",
		Explain: "Each client opens a connection and sends a request one byte at a time. A client whose connection the edge closes opens another one. What is asked is whether they take the places of clients that mean it.",
		Method:  surgeMethod, Class: Load,
		Proof:      "nearly all clients have a connection on which bytes were taken, or the edge closed one, which is its answer",
		Undone:     surgeUndone,
		Example:    "{action: slow-clients, clients: 500, at: 0s, duration: 20s}",
		Targetless: true,
		Params: []Param{
			number("clients", 200, 1, 5000, "how many connections there are"),
			span("every", time.Second, 10*time.Millisecond, time.Minute, "how long a client waits between two bytes"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			s := slow{clients: b.Values.Count("clients"), every: b.Values.Duration("every"), guard: loopback.Guard{}.Trusting(b.Trust)}
			return surge{action: "slow-clients", run: s.run, proved: func(c *counts, _ time.Duration) bool {
				return c.sent.Load() > 0 && c.open.Load()+c.answered.Load() >= int64(max(1, s.clients*9/10))
			}}.bind(b)
		},
	}
}

// slow are clients that send one byte at a time.
type slow struct {
	clients int
	every   time.Duration
	guard   loopback.Guard
}

// openings is how many connections are opened in a second.
const openings = 500

func (s slow) run(ctx context.Context, edge string, c *counts) error {
	u, err := url.Parse(edge)
	if err != nil {
		return err
	}
	pace := time.NewTicker(time.Second / openings)
	defer pace.Stop()
	var all sync.WaitGroup
	defer all.Wait()
	for range s.clients {
		select {
		case <-ctx.Done():
			return nil
		case <-pace.C:
		}
		all.Go(func() {
			for ctx.Err() == nil {
				s.once(ctx, u, c)
				rest(ctx, s.every) // one that is sent away comes back at its own pace
			}
		})
	}
	return nil
}

// dial opens a connection on which a request can be sent.
func (s slow) dial(ctx context.Context, edge *url.URL) (net.Conn, error) {
	plain, err := s.guard.DialContext(ctx, "tcp", edge.Host)
	if err != nil || edge.Scheme != "https" {
		return plain, err
	}
	config := s.guard.TLS()
	config.ServerName = edge.Hostname()
	secure := tls.Client(plain, config)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, plain.Close())
	}
	return secure, nil
}

// once opens a connection and sends on it until it is closed.
func (s slow) once(ctx context.Context, edge *url.URL, c *counts) {
	dialling, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := s.dial(dialling, edge)
	if err != nil {
		return
	}
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(0, 0)) })()
	defer conn.Close()
	c.open.Add(1)
	defer c.open.Add(-1)
	request := "GET / HTTP/1.1\r\nHost: slow\r\nX-Slow: "
	for i := 0; ctx.Err() == nil; i++ {
		next := byte('x') // a header that does not end
		if i < len(request) {
			next = request[i]
		}
		if _, err := conn.Write([]byte{next}); err != nil {
			c.answered.Add(1)
			return
		}
		c.sent.Add(1)
		// What comes back before the request is complete is a refusal; waiting
		// for it is the pause as well.
		_ = conn.SetReadDeadline(time.Now().Add(s.every))
		if ctx.Err() != nil {
			return
		}
		if _, err := conn.Read(make([]byte, 512)); !errors.Is(err, os.ErrDeadlineExceeded) {
			c.answered.Add(1)
			return
		}
	}
}
