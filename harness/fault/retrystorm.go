package fault

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/loopback"
)

func retryStorm() Kind {
	return Kind{
		Action:  "retry-storm",
		Summary: "clients that try again at once when they are not served",
		Explain: "Each client sends a request, waits for the pause after a good answer, and tries again at once, without backing off, when the answer is an error or does not come within its patience. " +
			"A stack that serves well sees a few requests of theirs; one that fails gets as many as the limit lets through. Only the scenario's own requests are judged.",
		Method: surgeMethod, Class: Load,
		Proof:      "requests were sent by the clients and the edge answered some, or keeps them waiting",
		Undone:     surgeUndone,
		Example:    "{action: retry-storm, clients: 100, at: 0s, duration: 10s}",
		Targetless: true,
		Params: []Param{
			number("clients", 50, 1, 1000, "how many clients there are"),
			free("path", "/catalog/items", "/catalog/items", "the beginning of a path, such as /items", "what they ask for", checkPath),
			span("pause", 200*time.Millisecond, 0, time.Minute, "how long a client rests after a good answer"),
			span("patience", 250*time.Millisecond, 10*time.Millisecond, time.Minute, "how long a client waits for an answer"),
			number("most", 2000, 1, mostRate, "how many requests are sent in a second at most, by all clients"),
		},
		bind: func(b Binding) (harness.Fault, error) {
			s := storm{
				clients: b.Values.Count("clients"), path: b.Values["path"], limit: b.Values.Count("most"),
				pause: b.Values.Duration("pause"), patience: b.Values.Duration("patience"),
				guard: loopback.Guard{}.Trusting(b.Trust),
			}
			return surge{action: "retry-storm", run: s.run, proved: func(c *counts, _ time.Duration) bool {
				return c.sent.Load() >= int64(s.clients) && c.answered.Load()+c.open.Load() > 0
			}}.bind(b)
		},
	}
}

// storm are clients that do not back off.
type storm struct {
	clients, limit  int
	path            string
	pause, patience time.Duration
	guard           loopback.Guard
}

func (s storm) run(ctx context.Context, edge string, c *counts) error {
	through := s.guard.Transport(s.clients)
	defer through.CloseIdleConnections()
	permits := make(chan struct{}, s.clients)
	var all sync.WaitGroup
	all.Go(func() { s.permit(ctx, permits) })
	for range s.clients {
		all.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case <-permits:
				}
				if s.once(ctx, through, strings.TrimSuffix(edge, "/")+s.path, c) {
					rest(ctx, s.pause)
				}
			}
		})
	}
	all.Wait()
	return nil
}

// permit gives out as many permits as the limit allows, in small portions.
func (s storm) permit(ctx context.Context, permits chan<- struct{}) {
	const every = 10 * time.Millisecond
	tick := time.NewTicker(every)
	defer tick.Stop()
	for owed := 0.0; ; {
		for owed += float64(s.limit) * every.Seconds(); owed >= 1; owed-- {
			select {
			case permits <- struct{}{}:
			default: // nobody wants one
				owed = 1
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// once sends one request and reports whether it was served.
func (s storm) once(ctx context.Context, through http.RoundTripper, url string, c *counts) bool {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	var held atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if !held.Swap(true) {
			c.open.Add(1)
		}
	}})
	defer func() {
		if held.Load() {
			c.open.Add(-1)
		}
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	c.sent.Add(1)
	resp, err := through.RoundTrip(request)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, resp.Body)
	err = errors.Join(err, resp.Body.Close())
	c.answered.Add(1)
	return err == nil && resp.StatusCode < 400
}

// rest waits, or until ctx is done.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
